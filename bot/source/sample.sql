-- The sample that the bot runs on before it knows a database: the site's own tables, for SQLite, with summaries of
-- well-known papers in the site's style. Votes, users and dates are made up. One summary is private, one has too few
-- votes, and one is anonymous: the first two must never be shown, nor the author of the third.

CREATE TABLE papers (
  id INTEGER PRIMARY KEY,
  bibtexKey VARCHAR(150) NOT NULL UNIQUE,
  title VARCHAR(500) NOT NULL,
  authors VARCHAR(1500) NOT NULL,
  year INT,
  venue VARCHAR(300),
  tags VARCHAR(1000),
  urls VARCHAR(2000),
  source VARCHAR(100),
  category VARCHAR(100),
  abstract TEXT
);
CREATE TABLE users (
  userid INTEGER PRIMARY KEY,
  username VARCHAR(150) NOT NULL UNIQUE,
  email VARCHAR(150) NOT NULL,
  displayname VARCHAR(150) NOT NULL DEFAULT ''
);
CREATE TABLE vignettes (
  text TEXT NOT NULL,
  paperid VARCHAR(150) NOT NULL,
  userid INT NOT NULL,
  priv BOOLEAN NOT NULL DEFAULT TRUE,
  anon BOOLEAN NOT NULL DEFAULT FALSE,
  added DATETIME NOT NULL,
  edited DATETIME NOT NULL,
  PRIMARY KEY (paperid, userid)
);
CREATE TABLE votes (
  paperid VARCHAR(150) NOT NULL,
  userid INT NOT NULL,
  voteruserid INT NOT NULL,
  vote INT NOT NULL,
  added DATETIME NOT NULL,
  edited DATETIME NOT NULL,
  PRIMARY KEY (paperid, userid, voteruserid)
);

INSERT INTO users (userid, username, email, displayname) VALUES
  (1, 'mara_lindqvist', 'mara@example.org', 'Mara Lindqvist'),
  (2, 'tkowal', 'tkowal@example.org', 'Tomasz Kowalczyk'),
  (3, 'zoë.k', 'zoe@example.org', 'Zoë Krämer'),
  (4, 'm okafor', 'okafor@example.org', ''),
  (5, 'secret-reviewer', 'reviewer@example.org', 'Nora Unnamed'),
  (6, 'jin@lab', 'jin@example.org', 'Jin-ho Seo');

INSERT INTO papers (bibtexKey, title, authors, year, venue, tags, urls, source, category, abstract) VALUES (
'conf/nips/VaswaniSPUJGKP17', 'Attention is All you Need.',
'Vaswani, Ashish and Shazeer, Noam and Parmar, Niki and Uszkoreit, Jakob and Jones, Llion and Gomez, Aidan N. and Kaiser, Lukasz and Polosukhin, Illia',
2017, 'Neural Information Processing Systems Conference', 'dblp', 'http://arxiv.org/abs/1706.03762', 'Local', '', '');
INSERT INTO vignettes (paperid, userid, priv, anon, added, edited, text) VALUES (
'conf/nips/VaswaniSPUJGKP17', 1, 0, 0, '2017-12-11 08:14:52', '2018-01-03 19:40:11',
'The Transformer translates between languages without any recurrence or convolution: every layer lets each position look directly at all the others. Since nothing has to be computed one word after the other, training parallelises over the whole sentence, and the path between two distant words is one step long.

## Attention

Queries, keys and values are packed into matrices, and the output is

$$\mathrm{Attention}(Q, K, V) = \mathrm{softmax}\left(\frac{QK^\top}{\sqrt{d_k}}\right)V$$

The factor $1/\sqrt{d_k}$ matters: for large $d_k$ the dot products grow, and the softmax ends up where its gradients vanish. Eight such *heads* run side by side on learned projections to 64 dimensions, so that different heads can follow different relations.

## Around it

* Sinusoidal **position encodings** are added to the input, for attention by itself does not know word order.
* Each sub-layer is wrapped in a residual connection and layer normalisation \cite{journals/corr/BaKH16}.
* The decoder masks what comes later.

## Results

On WMT 2014 English-to-German the big model reaches 28.4 BLEU, more than two points above the best earlier results, ensembles included. It trained for 3.5 days on eight GPUs.

See also [The Annotated Transformer](http://nlp.seas.harvard.edu/2018/04/03/attention.html).');

INSERT INTO papers (bibtexKey, title, authors, year, venue, tags, urls, source, category, abstract) VALUES (
'journals/corr/KingmaB14', 'Adam: A Method for Stochastic Optimization.', 'Kingma, Diederik P. and Ba, Jimmy',
2014, 'arXiv e-Print archive', 'dblp', 'http://arxiv.org/abs/1412.6980', 'Local', '', NULL);
INSERT INTO vignettes (paperid, userid, priv, anon, added, edited, text) VALUES (
'journals/corr/KingmaB14', 2, 0, 0, '2016-06-20 15:02:37', '2016-06-20 15:02:37',
'Adam keeps a running mean of the gradient and of its square for every parameter, and divides one by the root of the other. Parameters with rare or small gradients thus take steps as large as all the rest, and the step size $\alpha$ becomes a rough bound on how far a parameter moves per update.

With gradient $g_t$, the updates are

$m_t = \beta_1 m_{t-1} + (1-\beta_1)\, g_t$

$v_t = \beta_2 v_{t-1} + (1-\beta_2)\, g_t^2$

$$\theta_t = \theta_{t-1} - \alpha \cdot \frac{\hat{m}_t}{\sqrt{\hat{v}_t} + \epsilon}$$

where $\hat{m}_t = m_t/(1-\beta_1^t)$ and $\hat{v}_t = v_t/(1-\beta_2^t)$ undo the bias towards zero that both averages have at the start. The paper shows that leaving out this correction makes training unstable when $\beta_2$ is close to 1, which is exactly where sparse gradients need it to be.

#### Defaults

1. $\alpha = 0.001$
2. $\beta_1 = 0.9$, $\beta_2 = 0.999$
3. $\epsilon = 10^{-8}$

The defaults work well on logistic regression, multilayer networks and convolutional networks alike, which explains why hardly anybody changes them.');

INSERT INTO papers (bibtexKey, title, authors, year, venue, tags, urls, source, category, abstract) VALUES (
'journals/corr/1312.6114', 'Auto-Encoding Variational Bayes', 'Diederik P Kingma and Max Welling',
2013, 'arXiv e-Print archive', 'stat.ML, cs.LG', 'http://arxiv.org/abs/1312.6114', 'Local', '',
'The paper asks how to learn directed probabilistic models with continuous latent variables whose posterior is intractable, on data sets too large for sampling. It answers with a lower bound that stochastic gradients can optimise, and a recognition model that makes inference one pass of a network.');
INSERT INTO vignettes (paperid, userid, priv, anon, added, edited, text) VALUES (
'journals/corr/1312.6114', 3, 0, 0, '2016-09-02 10:27:09', '2019-03-15 07:55:30',
'**Problem:** the posterior \(p_\theta(z|x)\) of a deep latent-variable model cannot be computed, so neither EM nor plain variational Bayes applies.

**Idea:** train a second network, the encoder \(q_\phi(z|x)\), to approximate it, and maximise the lower bound

\[\mathcal{L}(\theta, \phi; x) = \mathbb{E}_{q_\phi(z|x)}\left[\log p_\theta(x|z)\right] - D_{KL}\left(q_\phi(z|x) \,\|\, p_\theta(z)\right)\]

The first term asks for good reconstructions, the second keeps the codes close to the prior \(\mathcal{N}(0, I)\).

**Trick:** the expectation depends on \(\phi\), and the usual score-function gradient is far too noisy. Writing the sample as a deterministic function of the parameters and of outside noise, $z = \mu_\phi(x) + \sigma_\phi(x) \odot \varepsilon$ with $\varepsilon \sim \mathcal{N}(0, I)$, lets the gradient flow straight through it. This *reparameterisation trick* is what made the method work, and it has long outlived the experiments on MNIST and Frey faces.

For Gaussians the KL term has a closed form, so that a single noise sample per data point is enough with minibatches of 100.');

INSERT INTO papers (bibtexKey, title, authors, year, venue, tags, urls, source, category, abstract) VALUES (
'conf/nips/GoodfellowPMXWOCB14', 'Generative Adversarial Nets.',
'Goodfellow, Ian J. and Pouget-Abadie, Jean and Mirza, Mehdi and Xu, Bing and Warde-Farley, David and Ozair, Sherjil and Courville, Aaron C. and Bengio, Yoshua',
2014, 'Neural Information Processing Systems Conference', 'dblp', '', 'Local', '', '');
INSERT INTO vignettes (paperid, userid, priv, anon, added, edited, text) VALUES (
'conf/nips/GoodfellowPMXWOCB14', 1, 0, 0, '2016-11-29 21:33:18', '2016-12-01 06:12:45',
'A generator $G$ turns noise $z$ into samples, and a discriminator $D$ tells them from real data; both are trained against each other in the game

$$\min_G \max_D \; \mathbb{E}_{x \sim p_{data}}[\log D(x)] + \mathbb{E}_{z \sim p_z}[\log(1 - D(G(z)))]$$

No likelihood is ever computed, and neither Markov chains nor approximate inference are needed: to draw a sample takes one forward pass.

### Theory

For a fixed generator the best discriminator is $D^*(x) = \frac{p_{data}(x)}{p_{data}(x) + p_g(x)}$. Put back into the game, the generator minimises $-\log 4 + 2 \cdot \mathrm{JSD}(p_{data} \| p_g)$, whose only optimum is $p_g = p_{data}$.

### Practice

* Early on $D$ wins easily and $\log(1 - D(G(z)))$ saturates. The generator is trained to maximise $\log D(G(z))$ instead: same fixed point, stronger gradient.
* $G$ and $D$ have to stay in step. If $G$ is trained too long against one $D$, it maps many $z$ to the same $x$, which the authors call "the Helvetica scenario".');
INSERT INTO vignettes (paperid, userid, priv, anon, added, edited, text) VALUES (
'conf/nips/GoodfellowPMXWOCB14', 5, 0, 1, '2018-04-07 13:05:00', '2018-04-07 13:05:00',
'Adversarial training replaces a loss that somebody wrote down by one that is learned along with the model. That is the lasting contribution here; the digits and faces in the figures were overtaken within two years.

What I would have liked to see is an honest evaluation. The paper fits a Parzen window to samples and reports the log-likelihood of the test set under it, although such estimates are known to be poor in high dimensions. A model that memorises the training set would do well by this measure.

Three questions that the paper leaves open:

1. Does gradient descent on both players at once converge? The proof updates distributions, not parameters.
2. How can one notice that $p_g$ has dropped modes of $p_{data}$, when no likelihood is available?
3. Which divergence *should* be minimised? Nothing ties the game to Jensen-Shannon, as later work on $f$-divergences and the Wasserstein distance showed.');

INSERT INTO papers (bibtexKey, title, authors, year, venue, tags, urls, source, category, abstract) VALUES (
'journals/corr/MnihKSGAWR13', 'Playing Atari with Deep Reinforcement Learning.',
'Mnih, Volodymyr and Kavukcuoglu, Koray and Silver, David and Graves, Alex and Antonoglou, Ioannis and Wierstra, Daan and Riedmiller, Martin A.',
2013, 'arXiv e-Print archive', 'dblp', 'http://arxiv.org/abs/1312.5602', 'Local', '', '');
INSERT INTO vignettes (paperid, userid, priv, anon, added, edited, text) VALUES (
'journals/corr/MnihKSGAWR13', 4, 0, 0, '2017-02-14 11:48:26', '2017-02-14 11:48:26',
'A single convolutional network learns to play seven Atari games from raw pixels and the score alone, with the same architecture and hyperparameters for all of them. On six of the games it beats every earlier learning method, and on three it beats a human expert.

Two things keep Q-learning with a neural network from diverging, or at least make it rare:

* **Experience replay.** The last million transitions are stored, and each update draws a random minibatch from them. This breaks the correlation between successive frames, and uses each of them many times.
* **One output per action.** The network maps a state to the values of *all* actions, so that $\max_{a''} Q(s'', a''; \theta)$ costs a single forward pass.

The loss is the squared temporal-difference error

$$L(\theta_i) = \mathbb{E}\left[\left(r + \gamma \max_{a''} Q(s'', a''; \theta_{i-1}) - Q(s, a; \theta_i)\right)^2\right]$$

A state is a stack of four greyscale frames of 84 × 84 pixels, since one frame does not show where the ball is going. Rewards are clipped to −1, 0 and 1; that lets one learning rate serve all games, but the agent can no longer tell a small gain from a large one.');

INSERT INTO papers (bibtexKey, title, authors, year, venue, tags, urls, source, category, abstract) VALUES (
'srivastava2014dropout', 'Dropout: a simple way to prevent neural networks from overfitting',
'Srivastava, Nitish and Hinton, Geoffrey and Krizhevsky, Alex and Sutskever, Ilya and Salakhutdinov, Ruslan',
2014, 'The Journal of Machine Learning Research', 'regularization, dropout, thema:ensembles', 'http://jmlr.org/papers/v15/srivastava14a.html', 'Local', '', '');
INSERT INTO vignettes (paperid, userid, priv, anon, added, edited, text) VALUES (
'srivastava2014dropout', 2, 0, 0, '2016-07-11 17:20:05', '2016-08-02 09:31:44',
'> With unlimited computation, the best way to "regularize" a fixed-sized model is to average the predictions of all possible settings of the parameters, weighting each setting by its posterior probability given the training data.

Dropout gets close to that average at the price of a single network. During training each unit is switched off at random, which samples one of $2^n$ thinned networks that share their weights; at test time all units stay on and outgoing weights are multiplied by the probability $p$ with which the unit was kept.

What it does to the features can be seen: without dropout, hidden units of an autoencoder on MNIST are noise that only makes sense together. With it, each one detects an edge or a spot by itself, because it cannot count on particular other units being there.

## Advice from the appendix

- Keep hidden units with $p = 0.5$ and inputs with $p = 0.8$.
- If a layer of $n$ units was right before, use about $n/p$ of them.
- Raise the learning rate 10 to 100 times, and bound the norm of each unit''s incoming weights: $\|w\|_2 \leq c$ with $c$ around 3.
- Expect training to take two to three times as long.');

INSERT INTO papers (bibtexKey, title, authors, year, venue, tags, urls, source, category, abstract) VALUES (
'10.1002/(SICI)1097-0258(19970228)16:4<385::AID-SIM380>3.0.CO;2-3', 'The lasso method for variable selection in the Cox model',
'Tibshirani, Robert', 1997, 'Statistics in Medicine', 'lasso, survival analysis', '', 'Local', '', '');
INSERT INTO vignettes (paperid, userid, priv, anon, added, edited, text) VALUES (
'10.1002/(SICI)1097-0258(19970228)16:4<385::AID-SIM380>3.0.CO;2-3', 6, 0, 0, '2019-10-23 06:58:12', '2019-10-23 06:58:12',
'Survival studies measure dozens of covariates, and stepwise selection among them is unstable: a few patients more or less, and another set of variables is chosen. This paper carries the lasso over to Cox''s proportional hazards model, where selection and shrinkage happen in one step.

The coefficients maximise the log partial likelihood $\ell(\beta)$ under a bound on their absolute values:

$$\hat{\beta} = \operatorname*{arg\,max}_{\beta} \ell(\beta) \quad \text{subject to} \quad \sum_{j=1}^{p} |\beta_j| \leq s$$

As the constraint region has corners on the axes, many $\hat{\beta}_j$ become exactly zero, and those that remain are pulled towards zero.

Computation goes by iteration. Each Newton step approximates $\ell$ by a weighted least-squares problem, which is solved under the constraint by quadratic programming. The bound $s$ is chosen by an approximate form of generalised cross-validation.

In simulations the lasso is more accurate than stepwise selection, most clearly where many covariates each have a small effect. With few strong effects the two come close.');

INSERT INTO papers (bibtexKey, title, authors, year, venue, tags, urls, source, category, abstract) VALUES (
'journals/corr/BaKH16', 'Layer Normalization.', 'Ba, Lei Jimmy and Kiros, Jamie Ryan and Hinton, Geoffrey E.',
2016, 'arXiv e-Print archive', 'dblp', 'http://arxiv.org/abs/1607.06450', 'Local', '', '');
INSERT INTO vignettes (paperid, userid, priv, anon, added, edited, text) VALUES (
'journals/corr/BaKH16', 3, 0, 0, '2017-08-30 14:11:03', '2017-08-30 14:11:03',
'Layer normalization computes mean and variance over the units of one layer for one example, where batch normalization computes them over the examples of a batch for one unit. That small change has large consequences: the result does not depend on the other examples, training and test do the same, and a batch of one is fine.

For the summed inputs $a^l$ to the $H$ units of layer $l$:

$$\mu^l = \frac{1}{H}\sum_{i=1}^{H} a_i^l \qquad \sigma^l = \sqrt{\frac{1}{H}\sum_{i=1}^{H} \left(a_i^l - \mu^l\right)^2}$$

A gain $g_i$ and a bias $b_i$ per unit follow, as in batch normalization.

Recurrent networks profit most. Batch statistics would have to be kept for every time step, and a test sequence may be longer than all those seen in training; here each step simply normalises itself, which also tames exploding and vanishing hidden states. The authors report faster convergence on reading comprehension, skip-thought vectors and handwriting generation.

For convolutional networks it helps less: units near the border of an image have statistics quite unlike the rest, so sharing one mean across the layer fits badly.');

INSERT INTO papers (bibtexKey, title, authors, year, venue, tags, urls, source, category, abstract) VALUES (
'journals/corr/1810.04805', 'BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding',
'Jacob Devlin and Ming-Wei Chang and Kenton Lee and Kristina Toutanova',
2018, 'arXiv e-Print archive', 'cs.CL', 'http://arxiv.org/abs/1810.04805', 'Local', '', '');
INSERT INTO vignettes (paperid, userid, priv, anon, added, edited, text) VALUES (
'journals/corr/1810.04805', 4, 0, 0, '2018-11-05 09:09:41', '2019-06-02 16:24:08',
'BERT pre-trains a Transformer encoder on plain text so that every token sees both its left and its right context, and then fine-tunes all of it, with one added output layer, for each task. Ordinary language models cannot do this: a word that may look in both directions would indirectly see itself.

## Pre-training

**Masked language model.** 15% of the tokens are to be predicted. Of these,

* 80% are replaced by `[MASK]`,
* 10% by a random token,
* 10% are left alone, since `[MASK]` never occurs later.

**Next sentence prediction.** Given two segments, does the second one really follow the first? The input looks like this:

```
[CLS] the man went to [MASK] store [SEP] he bought a gallon [MASK] milk [SEP]
```

## Results

| model | layers | parameters | GLUE |
|-------|-------:|-----------:|-----:|
| base  | 12 | 110M | 79.6 |
| large | 24 | 340M | 82.1 |

(GLUE here is the average without WNLI.) Larger is better even on tasks with only a few thousand training examples, which had not been shown before: pre-training makes up for the small data set.');

INSERT INTO papers (bibtexKey, title, authors, year, venue, tags, urls, source, category, abstract) VALUES (
'conf/cvpr/HeZRS16', 'Deep Residual Learning for Image Recognition.', 'He, Kaiming and Zhang, Xiangyu and Ren, Shaoqing and Sun, Jian',
2016, 'Conference on Computer Vision and Pattern Recognition', 'dblp', 'https://doi.org/10.1109/CVPR.2016.90, http://arxiv.org/abs/1512.03385', 'Local', '',
'Very deep networks are hard to train: beyond some depth even the training error goes up. The paper lets each block learn a residual that is added to its input, so that doing nothing is easy. Networks of up to 152 layers then train well and gain accuracy from their depth. An ensemble of them won the ImageNet classification task of 2015 with a top-5 error of 3.57%.');
INSERT INTO vignettes (paperid, userid, priv, anon, added, edited, text) VALUES (
'conf/cvpr/HeZRS16', 6, 0, 0, '2016-12-18 22:40:57', '2016-12-18 22:40:57',
'![A residual block](https://www.example.org/figures/residual-block.png)

* $y = \mathcal{F}(x, \{W_i\}) + x$
* shortcuts: identity, or $1 \times 1$ convolution where shapes differ
* bottleneck: $1 \times 1$, $3 \times 3$, $1 \times 1$
* batch normalization after each convolution, no dropout
* 18, 34, 50, 101, 152 layers; 1202 on CIFAR-10');

INSERT INTO papers (bibtexKey, title, authors, year, venue, tags, urls, source, category, abstract) VALUES (
'conf/miccai/RonnebergerFB15', 'U-Net: Convolutional Networks for Biomedical Image Segmentation.', 'Ronneberger, Olaf and Fischer, Philipp and Brox, Thomas',
2015, 'Medical Image Computing and Computer-Assisted Intervention', 'dblp', NULL, 'Local', '', NULL);
INSERT INTO vignettes (paperid, userid, priv, anon, added, edited, text) VALUES (
'conf/miccai/RonnebergerFB15', 2, 0, 0, '2017-05-04 12:00:33', '2017-05-04 12:00:33',
'https://www.example.org/figures/u-net.png

- [x] encoder, decoder, skip connections
- [x] elastic deformations
- [x] overlap-tile strategy
- [ ] padding');

INSERT INTO papers (bibtexKey, title, authors, year, venue, tags, urls, source, category, abstract) VALUES (
'vandermaaten2008visualizing', 'Visualizing data using t-SNE', 'van der Maaten, Laurens and Hinton, Geoffrey',
2008, 'Journal of Machine Learning Research', 'visualization, dimensionality reduction', 'http://www.jmlr.org/papers/v9/vandermaaten08a.html', 'Local', '', '');
INSERT INTO vignettes (paperid, userid, priv, anon, added, edited, text) VALUES (
'vandermaaten2008visualizing', 3, 0, 0, '2020-03-27 18:45:20', '2020-03-27 18:45:20',
'How should points of a 784-dimensional space be laid out on paper so that neighbours stay neighbours? t-SNE turns distances into probabilities of being neighbours, in both spaces, and moves the points until the two distributions agree.

In the data space $p_{ij}$ comes from Gaussians, one per point, whose widths are set so that each point has about as many neighbours as the *perplexity* says (5 to 50 all work). On the map it comes from a Student t-distribution:

$$q_{ij} = \frac{\left(1 + \|y_i - y_j\|^2\right)^{-1}}{\sum_{k \neq l} \left(1 + \|y_k - y_l\|^2\right)^{-1}}$$

and the cost is $KL(P \| Q) = \sum_{i \neq j} p_{ij} \log \frac{p_{ij}}{q_{ij}}$.

The heavy tail solves the **crowding problem**: there is not enough room in the plane for all the points at moderate distance, so maps made with Gaussians press everything into the middle. With the t-distribution, moderately dissimilar points may lie far apart.

A warning for readers of such maps. The size of a cluster and the distance between two of them mean little, as each point''s Gaussian adapts to its local density.');

INSERT INTO papers (bibtexKey, title, authors, year, venue, tags, urls, source, category, abstract) VALUES (
'journals/corr/1803.03635', 'The Lottery Ticket Hypothesis: Finding Sparse, Trainable Neural Networks', 'Jonathan Frankle and Michael Carbin',
2018, 'arXiv e-Print archive', 'cs.LG, cs.AI, cs.NE', 'http://arxiv.org/abs/1803.03635', 'Local', '', '');
INSERT INTO vignettes (paperid, userid, priv, anon, added, edited, text) VALUES (
'journals/corr/1803.03635', 1, 0, 0, '2019-05-09 20:16:48', '2019-05-12 08:01:15',
'Dense networks contain small subnetworks that, trained alone *from their original initial weights*, reach the accuracy of the whole network in at most as many steps. The authors call them winning tickets, and find some with 10 to 20% of the weights, or fewer, in networks for MNIST and CIFAR-10.

### How to find one

1. Initialise the network with $\theta_0$ and train it to $\theta_j$.
2. Remove the $p\%$ of weights with the smallest magnitude; this gives a mask $m$.
3. Reset what is left to its value in $\theta_0$, and train $f(x; m \odot \theta_0)$.
4. Repeat. Removing a little in many rounds finds smaller tickets than removing all at once.

### The control that makes the paper

Keep the mask but draw new initial weights, and the effect is gone: the subnetwork learns more slowly and ends up less accurate. So it is not the structure alone. The initial weights and the structure have to fit together.

For VGG-19 and ResNet-18 the procedure only works at a low learning rate, or with warm-up; the follow-up work rewinds to an early training step instead of step 0.');

INSERT INTO papers (bibtexKey, title, authors, year, venue, tags, urls, source, category, abstract) VALUES (
'journals/corr/HintonVD15', 'Distilling the Knowledge in a Neural Network.', 'Hinton, Geoffrey E. and Vinyals, Oriol and Dean, Jeffrey',
2015, 'arXiv e-Print archive', 'dblp', 'http://arxiv.org/abs/1503.02531', 'Local', '', '');
INSERT INTO vignettes (paperid, userid, priv, anon, added, edited, text) VALUES (
'journals/corr/HintonVD15', 4, 0, 0, '2021-01-19 07:36:59', '2021-01-19 07:36:59',
'A small network learns more from the outputs of a large one than from the labels. That a picture of a 2 has probability $10^{-6}$ of being a 3 and $10^{-9}$ of being a 7 tells what the picture looks like, and no label says so.

To make such tiny numbers count, both networks use a softmax with a *temperature* $T > 1$ during the transfer:

$$q_i = \frac{\exp(z_i/T)}{\sum_j \exp(z_j/T)}$$

The small network is trained on these soft targets and, with a lower weight, on the true labels. Gradients of the soft part scale with $1/T^2$, so it is multiplied by $T^2$ to keep the balance when $T$ changes.

**On MNIST** a large network makes 67 test errors, a small one trained on labels 146, and the same small one after distillation 74. Even more striking: leave out every 3 from the transfer set, and after its bias for that class is corrected, the distilled network still recognises 98.6% of the 3s in the test set. It has never seen one.');

INSERT INTO papers (bibtexKey, title, authors, year, venue, tags, urls, source, category, abstract) VALUES (
'journals/corr/1806.07366', 'Neural Ordinary Differential Equations', 'Ricky T. Q. Chen and Yulia Rubanova and Jesse Bettencourt and David Duvenaud',
2018, 'arXiv e-Print archive', 'cs.LG, cs.AI, stat.ML', 'http://arxiv.org/abs/1806.07366', 'Local', '', '');
INSERT INTO vignettes (paperid, userid, priv, anon, added, edited, text) VALUES (
'journals/corr/1806.07366', 6, 0, 0, '2019-01-08 03:22:14', '2022-02-17 10:50:36',
'A residual network computes $h_{t+1} = h_t + f(h_t, \theta_t)$, which is one Euler step of a differential equation. This paper takes the limit: the hidden state follows

$$\frac{d\mathbf{h}(t)}{dt} = f(\mathbf{h}(t), t, \theta)$$

from the input at $t_0$ to the output at $t_1$, and a black-box solver decides where to evaluate $f$.

**Training** needs the gradient of the loss without storing what the solver did on its way. The adjoint $\mathbf{a}(t) = \partial L / \partial \mathbf{h}(t)$ obeys an equation of its own, $\dot{\mathbf{a}} = -\mathbf{a}^\top \frac{\partial f}{\partial \mathbf{h}}$, and is solved backwards in time together with the state. Memory is therefore constant in depth.

**What it buys**

* *Accuracy for speed, after training.* The solver''s tolerance can be loosened where time is short.
* *Continuous normalizing flows.* The change in log-density becomes a trace, $-\mathrm{tr}\left(\frac{\partial f}{\partial \mathbf{z}}\right)$, in place of a determinant that costs $\mathcal{O}(D^3)$.
* *Irregular time series.* Observations may come at any moment; no binning is needed.

The price: the number of evaluations cannot be bounded in advance and tends to grow as training goes on.');

INSERT INTO papers (bibtexKey, title, authors, year, venue, tags, urls, source, category, abstract) VALUES (
'journals/corr/2006.11239', 'Denoising Diffusion Probabilistic Models', 'Jonathan Ho and Ajay Jain and Pieter Abbeel',
2020, 'arXiv e-Print archive', 'cs.LG, stat.ML', 'http://arxiv.org/abs/2006.11239', 'Local', '', '');
INSERT INTO vignettes (paperid, userid, priv, anon, added, edited, text) VALUES (
'journals/corr/2006.11239', 3, 0, 0, '2022-09-14 16:08:27', '2022-09-14 16:08:27',
'Diffusion models destroy an image step by step with Gaussian noise and train a network to undo each step. This paper shows that, set up rightly, they produce images as good as those of GANs: an FID of 3.17 on CIFAR-10 without labels.

The forward process needs no learning, and any step can be reached at once:

$$x_t = \sqrt{\bar{\alpha}_t}\, x_0 + \sqrt{1 - \bar{\alpha}_t}\, \epsilon, \qquad \epsilon \sim \mathcal{N}(0, \mathbf{I})$$

The decisive choice is what the network predicts. Rather than the mean of the reverse step it predicts the *noise* $\epsilon$, and the loss shrinks to

$$L_{simple} = \mathbb{E}_{t, x_0, \epsilon}\left[\left\|\epsilon - \epsilon_\theta(x_t, t)\right\|^2\right]$$

This drops the weights that the variational bound would have. Small $t$, where there is little noise to remove, then counts for less, and the network spends its capacity on the harder steps; samples improve although the likelihood gets slightly worse.

Sampling runs through all 1000 steps one after the other. That is the method''s weak spot, and what most later work tries to mend.');

INSERT INTO papers (bibtexKey, title, authors, year, venue, tags, urls, source, category, abstract) VALUES (
'journals/neco/ScholkopfSM98', 'Nonlinear Component Analysis as a Kernel Eigenvalue Problem.', 'Schölkopf, Bernhard and Smola, Alexander J. and Müller, Klaus-Robert',
1998, 'Neural Computation', 'dblp', 'https://doi.org/10.1162/089976698300017467', 'Local', '', '');
INSERT INTO vignettes (paperid, userid, priv, anon, added, edited, text) VALUES (
'journals/neco/ScholkopfSM98', 1, 0, 0, '2023-06-30 12:31:50', '2023-06-30 12:31:50',
'Kernel PCA performs principal component analysis in a feature space that may have millions of dimensions, or infinitely many, without ever going there. All that PCA needs of the mapped points $\Phi(x_i)$ are their inner products, and these a kernel $k(x, y) = \langle \Phi(x), \Phi(y) \rangle$ computes directly.

An eigenvector of the covariance lies in the span of the data, $V = \sum_i \alpha_i \Phi(x_i)$. So the eigenvalue problem becomes one of the $\ell \times \ell$ kernel matrix,

$$\ell \lambda \alpha = K \alpha$$

after centring: $\tilde{K} = K - \mathbf{1}_\ell K - K \mathbf{1}_\ell + \mathbf{1}_\ell K \mathbf{1}_\ell$, where every entry of $\mathbf{1}_\ell$ is $1/\ell$. A new point is projected by $\sum_i \alpha_i k(x_i, x)$.

Unlike linear PCA it can extract *more* components than the input has dimensions: as many as there are examples. On USPS digits, a linear classifier on polynomial kernel components does about as well as a nonlinear support vector machine.

What is lost is the way back: a point of the feature space need not be the image of any input.');

INSERT INTO papers (bibtexKey, title, authors, year, venue, tags, urls, source, category, abstract) VALUES (
'journals/corr/2106.09685', 'LoRA: Low-Rank Adaptation of Large Language Models',
'Edward J. Hu and Yelong Shen and Phillip Wallis and Zeyuan Allen-Zhu and Yuanzhi Li and Shean Wang and Lu Wang and Weizhu Chen',
2021, 'arXiv e-Print archive', 'cs.CL, cs.AI, cs.LG', 'http://arxiv.org/abs/2106.09685', 'Local', '', '');
INSERT INTO vignettes (paperid, userid, priv, anon, added, edited, text) VALUES (
'journals/corr/2106.09685', 2, 0, 0, '2024-02-26 15:57:09', '2024-02-26 15:57:09',
'LoRA adapts a large language model to a task by training two thin matrices per layer and leaving its own weights untouched. The update to a weight matrix $W_0 \in \mathbb{R}^{d \times k}$ is written as a product,

$$W_0 + \Delta W = W_0 + BA, \qquad B \in \mathbb{R}^{d \times r},\; A \in \mathbb{R}^{r \times k}$$

with a rank $r$ as small as 1 to 8. $B$ starts at zero, so that training begins exactly at the original model.

Once trained, $BA$ can be added into $W_0$. Unlike adapters, which put extra layers in the way, LoRA thus costs *nothing* at inference. To switch tasks, subtract one product and add another.

For GPT-3 with its 175 billion parameters:

| method | trainable | WikiSQL | MNLI |
|---|---:|---:|---:|
| full fine-tuning | 175,255.8M | 73.8 | 89.5 |
| LoRA | 4.7M | 73.4 | 91.7 |
| LoRA | 37.7M | 74.0 | 91.6 |

A checkpoint shrinks from 350 GB to 35 MB, and training takes a third of the memory. Why so low a rank is enough remains an empirical finding; the authors show that $\Delta W$ amplifies directions which $W_0$ has but does not emphasise.');

INSERT INTO papers (bibtexKey, title, authors, year, venue, tags, urls, source, category, abstract) VALUES (
'10.1038/nature16961', 'Mastering the game of Go with deep neural networks and tree search',
'Silver, David and Huang, Aja and Maddison, Chris J. and Guez, Arthur and Sifre, Laurent and van den Driessche, George and others',
2016, 'Nature', 'go, monte carlo tree search, reinforcement learning', '', 'Local', '', '');
INSERT INTO vignettes (paperid, userid, priv, anon, added, edited, text) VALUES (
'10.1038/nature16961', 6, 0, 0, '2025-03-11 19:03:42', '2025-03-11 19:03:42',
'AlphaGo searches far fewer positions than a chess program does, but chooses and judges them with neural networks. It won 5 to 0 against Fan Hui, the European champion, in the first defeat of a professional by a program on the full board without handicap.

Four networks are trained one after the other:

1. a *policy* network on 30 million positions of strong human players, which finds their move in 57% of cases;
2. a small and fast one for rollouts, with 24%, but in two microseconds;
3. the first one again, improved by playing against earlier versions of itself;
4. a *value* network that predicts who will win, from self-play. It sees one position of each game only; with whole games it memorised them and failed on new ones.

The tree search puts the pieces together. Moves are explored by prior probability and by value so far, and a leaf is judged by a mixture of the value network and a rollout, $V(s_L) = (1 - \lambda)\, v_\theta(s_L) + \lambda z_L$. With $\lambda = 0.5$ the mixture beats either one alone.

Curiously, the human policy serves the search better than the one improved by self-play, "presumably because humans select a diverse beam of promising moves".');

INSERT INTO papers (bibtexKey, title, authors, year, venue, tags, urls, source, category, abstract) VALUES (
'journals/corr/2205.14135', 'FlashAttention: Fast and Memory-Efficient Exact Attention with IO-Awareness',
'Tri Dao and Daniel Y. Fu and Stefano Ermon and Atri Rudra and Christopher Ré',
2022, 'arXiv e-Print archive', 'cs.LG', 'http://arxiv.org/abs/2205.14135', 'Local', '', '');
INSERT INTO vignettes (paperid, userid, priv, anon, added, edited, text) VALUES (
'journals/corr/2205.14135', 1, 1, 0, '2023-11-02 10:10:10', '2023-11-02 10:10:10',
'CANARY: this draft is private and must never leave the database. Exact attention, computed in tiles that fit into the on-chip memory; to do: check the numbers on backward passes.');

INSERT INTO papers (bibtexKey, title, authors, year, venue, tags, urls, source, category, abstract) VALUES (
'journals/corr/1905.11946', 'EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks', 'Mingxing Tan and Quoc V. Le',
2019, 'arXiv e-Print archive', 'cs.LG, cs.CV, stat.ML', 'http://arxiv.org/abs/1905.11946', 'Local', '', '');
INSERT INTO vignettes (paperid, userid, priv, anon, added, edited, text) VALUES (
'journals/corr/1905.11946', 4, 0, 0, '2020-08-21 05:44:00', '2020-08-21 05:44:00',
'Good paper, good numbers. Depth, width and resolution are scaled together. Read it.');

-- The author's own vote is there from the first save; the others are readers'.
INSERT INTO votes (paperid, userid, voteruserid, vote, added, edited)
WITH RECURSIVE tally (paperid, userid, votes) AS (
  VALUES
    ('conf/nips/VaswaniSPUJGKP17', 1, 14), ('journals/corr/KingmaB14', 2, 9), ('journals/corr/1312.6114', 3, 7),
    ('conf/nips/GoodfellowPMXWOCB14', 1, 8), ('conf/nips/GoodfellowPMXWOCB14', 5, 3), ('journals/corr/MnihKSGAWR13', 4, 5),
    ('srivastava2014dropout', 2, 6), ('10.1002/(SICI)1097-0258(19970228)16:4<385::AID-SIM380>3.0.CO;2-3', 6, 2),
    ('journals/corr/BaKH16', 3, 4), ('journals/corr/1810.04805', 4, 10), ('conf/cvpr/HeZRS16', 6, 1),
    ('conf/miccai/RonnebergerFB15', 2, 1), ('vandermaaten2008visualizing', 3, 5), ('journals/corr/1803.03635', 1, 6),
    ('journals/corr/HintonVD15', 4, 4), ('journals/corr/1806.07366', 6, 7), ('journals/corr/2006.11239', 3, 3),
    ('journals/neco/ScholkopfSM98', 1, 2), ('journals/corr/2106.09685', 2, 5), ('10.1038/nature16961', 6, 3),
    ('journals/corr/2205.14135', 1, 2), ('journals/corr/1905.11946', 4, 1)
  UNION ALL
  SELECT paperid, userid, votes - 1 FROM tally WHERE votes > 1
)
SELECT paperid, userid, CASE votes WHEN 1 THEN userid ELSE 100 + votes END, 1, added, added
FROM tally JOIN vignettes USING (paperid, userid);

INSERT INTO votes (paperid, userid, voteruserid, vote, added, edited)
VALUES ('journals/corr/1905.11946', 4, 102, -1, '2020-08-22 09:00:00', '2020-08-22 09:00:00');
