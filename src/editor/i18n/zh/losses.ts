import type { Phrases } from '../phrases.ts';

/** Losses and metrics. */
export const phrases: Phrases = {
  'Cross-entropy of each number by itself, as a probability from 0 to 1: for pixels and for yes-or-no labels.':
    '把每个数视为 0 到 1 的概率，单独计算交叉熵：用于像素和是非标签。',
  'Sigmoid and BCELoss in one, which is exact for large scores: for yes-or-no labels and for pixels.':
    '合并了 Sigmoid 与 BCELoss，对大的得分也精确：用于是非标签和像素。',
  'Turns two vectors into one direction where they belong together, and apart where they do not.':
    '让相配的两个向量方向一致，不相配的方向分开。',
  'For choosing one of several classes: minus the log of the probability given to the right one, averaged over the batch.':
    '用于多分类：正确类别概率的负对数，在批内取平均。',
  'For distances: small ones where the label says yes, at least the margin where it says no. The label is one number a class, 1 and −1.':
    '用于距离：标签为“是”时距离应小，为“否”时至少为 margin。标签为每类一个数，取 1 和 −1。',
  'Squared up to delta, absolute beyond: the usual loss where a few targets are far off.':
    '误差在 delta 以内取平方，超出部分取绝对值：适合少数目标偏离很远的情况。',
  'How far one distribution is from another (Kullback–Leibler): the input as log-probabilities, the target as probabilities.':
    '一个分布与另一个分布的距离（Kullback–Leibler）：输入为对数概率，目标为概率。',
  'The mean of the absolute differences: less moved by outliers than the squared ones.':
    '绝对误差的平均值：受离群值的影响比平方误差小。',
  'Adds the mean of what a wire carries to the loss: a penalty on activations, or a loss made of other layers.':
    '把一条连线所载数值的平均值加入损失：对激活的惩罚，或由其他层构成的损失。',
  'The mean of the squared differences: for regression, and for autoencoders that give back their input.':
    '平方误差的平均值：用于回归，以及还原输入的自编码器。',
  'The hinge loss for several classes: the right score is to exceed all others by a margin, as in an SVM.':
    '多分类的合页损失：正确类别的得分应比其他类别高出 margin，与 SVM 相同。',
  'Cross-entropy for a network that ends in LogSoftmax: minus the log-probability of the right class.':
    '用于以 LogSoftmax 结尾的网络的交叉熵：正确类别的负对数概率。',
  'For counts: minus the log-likelihood of the target under a Poisson distribution of the predicted rate.':
    '用于计数：以预测值为强度的泊松分布下目标的负对数似然。',
  'Squared for small differences, absolute for large ones: steady near 0 and little moved by outliers.':
    '小误差取平方，大误差取绝对值：在 0 附近平稳，且受离群值影响小。',
  'An anchor is to lie nearer to a positive than to a negative, by a margin: for learning embeddings.':
    '锚点到正样本应比到负样本近一个 margin：用于学习嵌入。',
  'What the output is to be: the label, which is a number or one number a class (1 for the right one), or the input itself (autoencoders).':
    '输出的目标：标签（一个数，或每类一个数，正确类别为 1），或输入本身（自编码器）。',
  'Factor of this loss in the sum of all losses of the model.': '该损失在模型总损失中的系数。',
  'How much a yes counts against a no: one number, or one for each of the last axis; empty: the same.':
    '“是”相对于“否”的权重：一个数，或最后一个轴上每项一个数；留空则相同。',
  'Cosine up to which a dissimilar pair costs nothing.': '不相似的一对在余弦不超过此值时没有损失。',
  'Whether all pairs are to be alike, all unlike, or as the label says: class 1 alike, class 0 unlike.':
    '所有对都应相似、都应不相似，或由标签决定：类别 1 相似，类别 0 不相似。',
  'How much each class counts, one number a class, for rare classes; empty: all the same.':
    '每个类别的权重，每类一个数，用于稀有类别；留空则相同。',
  'Samples with this label are left out of the loss.': '带有此标签的样本不计入损失。',
  'Share of each label that is spread over all classes, against too much confidence.':
    '每个标签中平均分给所有类别的份额，防止过度自信。',
  'Distance from which on a dissimilar pair costs nothing.': '不相似的一对在距离达到此值后没有损失。',
  'Where the squared part ends; greater than 0.': '平方部分的终点；大于 0。',
  'Over all numbers, or (batchmean, what the divergence is) summed for a sample and averaged over samples.':
    '对所有数平均，或（batchmean，即散度本身的定义）对每个样本求和后再对样本平均。',
  'Whether the target is given as log-probabilities too.': '目标是否也以对数概率给出。',
  'What is averaged: the numbers themselves (a term made by other layers), their size (L1) or square (L2).':
    '对什么取平均：数值本身（由其他层构成的损失项）、其绝对值（L1）或平方（L2）。',
  'Power to which a violated margin is raised.': '违反 margin 的量的幂次。',
  'By how much the right class is to lie above each of the others.': '正确类别应比其他每个类别高出多少。',
  'Whether the input is the logarithm of the rate; else it is the rate itself.':
    '输入是否为强度的对数；否则为强度本身。',
  'Adds Stirling’s approximation of log(target!).': '加上 log(target!) 的 Stirling 近似。',
  'Added to a rate before its logarithm is taken.': '取对数之前加到强度上的数。',
  'Differences below this are squared; 0 gives L1Loss.': '小于此值的误差取平方；0 即为 L1Loss。',
  'By how much the negative is to be farther away.': '负样本应远多少。',
  'Norm of the distance: 2 is the Euclidean one.': '距离的范数：2 为欧氏距离。',
  'Added to differences, against division by 0.': '加到差值上，防止除以 0。',
  'Takes the distance from positive to negative where that is the smaller one.':
    '若正样本到负样本的距离更小，则取该距离。',
  'BCELoss takes the logarithm of its input, which must lie between 0 and 1: put a Sigmoid before it.':
    'BCELoss 对输入取对数，输入必须在 0 和 1 之间：请在它前面加一个 Sigmoid。',
  'BCEWithLogitsLoss applies the sigmoid itself. With another one before it, gradients shrink and training slows down.':
    'BCEWithLogitsLoss 自己会做 sigmoid。前面再加一个会使梯度变小、训练变慢。',
  'CrossEntropyLoss applies the softmax itself. With another one before it, gradients shrink and training slows down.':
    'CrossEntropyLoss 自己会做 softmax。前面再加一个会使梯度变小、训练变慢。',
  'KLDivLoss expects log-probabilities: put a LogSoftmax before it.':
    'KLDivLoss 需要对数概率：请在它前面加一个 LogSoftmax。',
  'NLLLoss expects log-probabilities: put a LogSoftmax before it, or use CrossEntropyLoss.':
    'NLLLoss 需要对数概率：请在它前面加一个 LogSoftmax，或改用 CrossEntropyLoss。',
  Precision: '精确率',
  Recall: '召回率',
  Perplexity: '困惑度',
  'Top-5 accuracy': 'Top-5 准确率',
  'F1 (micro)': 'F1（微平均）',
  'How likely a sample of a class scores higher for it than a sample of another class; the mean over classes, each against the rest.':
    '某类样本在该类上的得分高于其他类样本的可能性；各类对其余类，取平均。',
  'The share of the targets’ variance that the model explains, variances of several outputs added up; 0 is no better than their mean.':
    '模型所解释的目标方差的比例（多个输出的方差相加）；0 表示不比取均值更好。',
  'Of the samples of a class, the share that was found; the mean over classes.': '某类样本中被找出的比例；各类取平均。',
  'Of the samples taken for a class, the share that is of it; the mean over classes.':
    '被判为某类的样本中确属该类的比例；各类取平均。',
  'Precision, recall and F1 over all samples at once: all three the share that is right.':
    '对全部样本一起计算的精确率、召回率和 F1：三者都等于正确的比例。',
  'The harmonic mean of precision and recall of a class; the mean over classes.':
    '某类精确率与召回率的调和平均；各类取平均。',
  'The mean of the absolute differences.': '绝对误差的平均值。',
  'The root of the mean of the squared differences.': '均方误差的平方根。',
  'The share of samples whose class is among the five with the largest scores.':
    '正确类别位于得分最高的五类之中的样本比例。',
  'e to the mean of −log of the probability given to the right class: among how many it still wavers.':
    'e 的“正确类别概率的负对数平均值”次方：模型仍在多少个选项之间犹豫。',
};
