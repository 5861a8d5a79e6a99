"""The ledger: what was queued, what was tried, what became of it.

One row a delivery: one summary for one account, once, for ever. A delivery is in one of these states, and changes by
guarded updates only (`UPDATE … WHERE id AND state AND attempt`, judged by its row count):

    queued --arm--> sending --> posted
      ^                |-----> queued     not sent, or account blocked; not before t
      |                |-----> rejected   the platform refused this very post
      |                '-----> unknown    anything else
      |-- unknown ----> posted            found by reading the account's own posts back
      |                 '----> held       cannot be decided: a person does
    queued -> withdrawn (private, deleted)     withdrawn -> queued (public again; nothing was sent)
    queued -> skipped (too old, by hand)       queued -> held (cannot be composed, or the flood guard)
    held -> posted | queued | skipped, rejected -> queued: by hand

What makes it hold:

*The intent comes first.* `arm` commits final text, attempt, deadline and owner before the first byte leaves. A crash
before `arm` leaves nothing behind; a crash after it leaves `sending`, which never goes back to `queued` by itself.

*Nobody is taken for dead who is not.* Every bot holds a lock that lives exactly as long as its process (SQLite) or its
database session (PostgreSQL); see `lock`. Only a delivery whose owner's lock is free is recovered, into `unknown`.

*Unknown is decided by evidence.* While a delivery is unknown its account sends nothing; the account's own posts are
read back until two clean looks agree that it is not there, or one finds it.

*An answer is never lost.* `settle` writes the attempt's end whoever owns the delivery by then, so a receipt that comes
in late stands on its attempt, where the next look finds it first.

Reading order: `models` (tables and what a row means), `engine` (how the two databases are opened), `lock`, `store`
(the transitions), `looks` (what becomes of the unknown), `views` (what people ask).
"""
