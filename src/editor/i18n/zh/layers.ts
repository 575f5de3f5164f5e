import type { Phrases } from '../phrases.ts';

/** Layers: what each is for. */
export const phrases: Phrases = {
  Core: '基础',
  Convolution: '卷积',
  Pooling: '池化',
  Normalization: '归一化',
  Activation: '激活',
  Recurrent: '循环',
  Attention: '注意力',
  Joining: '合并',
  Generative: '生成',
  Loss: '损失',
  Input: '输入',
  'An ELU whose slope is 1 at 0 whatever alpha is.': '无论 alpha 取何值，在 0 处斜率都为 1 的 ELU。',
  'A ReLU that bends smoothly towards −alpha on the negative side, which keeps the mean near 0.':
    '负半轴平滑趋向 −alpha 的 ReLU，使均值保持在 0 附近。',
  'A smooth ReLU that lets small negative numbers through, weighted by the normal distribution; used in Transformers.':
    '按正态分布加权、允许较小负数通过的平滑 ReLU，常用于 Transformer。',
  'One half of the numbers opens or shuts the way for the other half.': '用一半数值作为门，控制另一半数值能否通过。',
  'A sigmoid made of three straight lines: cheap, and exactly 0 or 1 at the ends.':
    '由三段直线组成的 sigmoid：计算便宜，两端恰为 0 或 1。',
  'A SiLU made of straight lines and a parabola, which small networks for phones use.':
    '由直线和抛物线组成的 SiLU，常用于手机上的小型网络。',
  'A straight line that is cut off at two values: a cheap tanh.': '在两个值处截断的直线：一种便宜的 tanh。',
  'A ReLU that lets a small share of negative numbers through, so that no unit dies.':
    '让负数按一个小比例通过的 ReLU，避免神经元“死亡”。',
  'The logarithm of the sigmoid, without the loss of digits that taking both one after the other has.':
    'sigmoid 的对数；避免先后计算两者造成的精度损失。',
  'The logarithm of Softmax, computed without overflow.': 'Softmax 的对数，计算时不会溢出。',
  'A smooth ReLU that dips a little below 0, like SiLU.': '与 SiLU 类似、略低于 0 的平滑 ReLU。',
  'A ReLU whose slope on the negative side is learned.': '负半轴斜率可学习的 ReLU。',
  'Sets negative numbers to 0. Cheap, and gradients do not fade: the usual choice between layers.':
    '把负数置为 0。计算便宜且梯度不会消失：层间的常用选择。',
  'A ReLU that stops at 6: its numbers survive low precision, which is why small networks for phones use it.':
    '上限为 6 的 ReLU：数值适合低精度，因此常用于手机上的小型网络。',
  'Keeps mean 0 and variance 1 from layer to layer by itself, if weights start small and layers are plain.':
    '当初始权重较小且层结构简单时，能自行在层间保持均值 0、方差 1。',
  'Squeezes each number into 0 … 1, as for a probability or a pixel.': '把每个数压缩到 0 … 1，适合概率或像素。',
  'A smooth ReLU, also called swish: x weighted by its own sigmoid.':
    '平滑的 ReLU，也称 swish：x 乘以它自身的 sigmoid。',
  'Turns scores into probabilities that add up to 1. CrossEntropyLoss does this itself: give it the scores.':
    '把得分变为总和为 1 的概率。CrossEntropyLoss 自己会做这一步：直接给它得分即可。',
  'A smooth ReLU whose result is always positive.': '结果恒为正的平滑 ReLU。',
  'An S-curve from −1 to 1 like tanh, which flattens more slowly.':
    '与 tanh 相似、从 −1 到 1 的 S 形曲线，但变平得更慢。',
  'Squeezes each number into −1 … 1, centred at 0.': '把每个数压缩到 −1 … 1，以 0 为中心。',
  'What tanh takes away: nearly 0 for small numbers, nearly x for large ones.':
    'x 减去 tanh(x)：小数时接近 0，大数时接近 x。',
  'Each step gathers from all steps what is of use to it. One wire: a sequence looks at itself; a second wire is the sequence that it looks at.':
    '每一步从所有步中收集对它有用的信息。一条连线：序列关注自身；第二条连线是被关注的序列。',
  'Adds to each step a vector of its own that is learned, because attention by itself does not know the order.':
    '为每一步加上一个可学习的向量，因为注意力本身不知道顺序。',
  'Adds sines and cosines of the place to each step, because attention by itself does not know the order.':
    '为每一步加上位置的正弦和余弦，因为注意力本身不知道顺序。',
  'One block of a decoder: attention of a sequence to itself, then to what an encoder made of another one, then two products at each step.':
    '解码器的一个块：先做序列的自注意力，再关注编码器的输出，然后在每一步做两次线性变换。',
  'One block of a Transformer: attention of the sequence to itself, then two products at each step, each added to what came in.':
    'Transformer 的一个块：序列的自注意力，然后在每一步做两次线性变换，各自与输入相加。',
  'Slides learnable filters over an image; each filter gives one output channel that shows where its pattern is.':
    '让可学习的卷积核在图像上滑动；每个卷积核给出一个输出通道，显示其模式所在的位置。',
  'Spreads each input point over a stretch of the output: a learnable way to make signals longer, as decoders need.':
    '把每个输入点扩展到输出的一段上：解码器所需的、可学习的信号加长方式。',
  'Spreads each input point over a patch of the output: a learnable way to make images larger, as decoders need.':
    '把每个输入点扩展到输出的一块上：解码器所需的、可学习的图像放大方式。',
  'A filter for each channel by itself, then a mix of the channels at each place: a convolution with far fewer weights.':
    '先对每个通道单独卷积，再在每个位置混合通道：权重少得多的卷积。',
  'A dropout for networks of SELU: it keeps mean 0 and variance 1.': '用于 SELU 网络的 dropout：保持均值 0、方差 1。',
  'Weighs every product of a number of one input with a number of the other: how two things go together.':
    '对两个输入中每一对数的乘积加权：描述两者如何配合。',
  'In training sets each number to 0 with probability p and scales the others by 1/(1 − p), against over-fitting. Does nothing in evaluation.':
    '训练时以概率 p 把每个数置 0，其余乘以 1/(1 − p)，以防过拟合。评估时不起作用。',
  'In training sets whole channels of a signal to 0 with probability p and scales the others: neighbours within a channel are too alike to drop them one by one.':
    '训练时以概率 p 把信号的整个通道置 0 并放大其余通道：同一通道内相邻值过于相似，逐个丢弃意义不大。',
  'In training sets whole channels of an image to 0 with probability p and scales the others: neighbours within a channel are too alike to drop them one by one.':
    '训练时以概率 p 把图像的整个通道置 0 并放大其余通道：同一通道内相邻值过于相似，逐个丢弃意义不大。',
  'Lays out each sample as one list of features, as a Linear layer needs after convolutions.':
    '把每个样本展开为一个特征列表，供卷积之后的 Linear 层使用。',
  'Gives its input on unchanged: a named joint in the graph, or a stand-in for a layer taken out.':
    '原样传递输入：图中的命名接点，或被移除的层的占位。',
  'Where the data set comes in. Its shape is that of one sample; bytes arrive as numbers from 0 to 1, text as ids of its characters.':
    '数据集的入口。形状为单个样本的形状；字节以 0 到 1 的数值输入，文本以字符编号输入。',
  'Numbers drawn anew from N(0, 1), as many lists of them as there are samples on its wire: what a generator makes samples of.':
    '每次从 N(0, 1) 重新抽取的数，组数与连线上的样本数相同：生成器由此生成样本。',
  'Turns pairs of features by an angle that grows with the place: products of queries and keys then depend on how far apart they are. For attention built of MatMul and Softmax; MultiheadAttention has it as a parameter.':
    '按位置增大的角度旋转成对的特征：查询与键的积因而取决于两者的距离。用于由 MatMul 和 Softmax 搭建的注意力。',
  'Tells the steps of a sequence from those that only fill it up, for the mask inputs of recurrent and attention layers: they leave the filling out.':
    '区分序列中真实的步与仅作填充的步，供循环层和注意力层的掩码输入使用：它们会略过填充。',
  'Turns ids (characters of a text) into numbers: each id has a row of its own, which is learned.':
    '把编号（文本的字符）变成数值：每个编号有自己的一行，由训练学得。',
  'Fully connected layer: each output is a weighted sum of all inputs, plus a bias.':
    '全连接层：每个输出是所有输入的加权和，再加偏置。',
  'Puts the axes of each sample into another order: [2, 1] turns rows into columns.':
    '重排每个样本的轴：[2, 1] 把行变为列。',
  'Gives each sample another shape with the same numbers in the same order.': '改变每个样本的形状，数值及其顺序不变。',
  'Takes one index of an axis, which is gone afterwards: the last step of a sequence, one channel of an image.':
    '取某个轴上的一个索引，该轴随之消失：如序列的最后一步、图像的一个通道。',
  'Keeps a stretch of one axis: some channels, some steps, a part of the features.':
    '保留某个轴上的一段：若干通道、若干步或一部分特征。',
  'Cuts one axis into two halves that go different ways: mean and spread of a VAE, values and gates.':
    '把一个轴分成两半，各走一路：如 VAE 的均值与方差、数值与门。',
  'Lets numbers through and no gradient back: what comes before it learns nothing from what comes after.':
    '前向通过数值，反向不传梯度：之前的层不会从之后的层学到任何东西。',
  'Adds random numbers in training: against over-fitting, and for autoencoders that learn to take noise away.':
    '训练时加入随机噪声：防止过拟合，也用于学习去噪的自编码器。',
  'The middle of a variational autoencoder: draws from the normal distribution that mean and log-variance describe, and says how far it is from N(0, 1). Wire kl to a LossTerm.':
    '变分自编码器的中间层：从均值和对数方差所描述的正态分布中采样，并给出它与 N(0, 1) 的距离。请把 kl 连到 LossTerm。',
  'Adds tensors element by element: the end of a skip connection.': '逐元素相加：跳跃连接的终点。',
  'Averages tensors element by element.': '逐元素求平均。',
  'Puts tensors side by side along one axis: features of several branches in one tensor.':
    '沿一个轴拼接张量：把多个分支的特征放进一个张量。',
  'The matrix product of two tensors, sample by sample: how attention compares everything with everything.':
    '逐样本计算两个张量的矩阵乘积：注意力正是这样两两比较的。',
  'Takes the largest of the tensors at each place.': '在每个位置取各张量中的最大值。',
  'Takes the smallest of the tensors at each place.': '在每个位置取各张量中的最小值。',
  'Multiplies tensors element by element: a gate, or attention over channels.': '逐元素相乘：门控，或通道注意力。',
  'Puts tensors of one shape side by side along a new axis.': '沿一个新轴堆叠形状相同的张量。',
  'Subtracts the second tensor from the first, element by element.': '逐元素用第一个张量减去第二个张量。',
  'Brings each feature to mean 0 and variance 1 over the batch, then scales and shifts it. Evaluation uses running statistics.':
    '在批内把每个特征归一化为均值 0、方差 1，再缩放和平移。评估时使用滑动统计量。',
  'Brings each channel to mean 0 and variance 1 over the batch, then scales and shifts it: deeper nets train faster. Evaluation uses running statistics.':
    '在批内把每个通道归一化为均值 0、方差 1，再缩放和平移：让深层网络训练更快。评估时使用滑动统计量。',
  'Brings each group of channels of a sample to mean 0 and variance 1: a batch norm that does not care how large the batch is.':
    '把样本的每组通道归一化为均值 0、方差 1：与批大小无关的批归一化。',
  'Brings each channel of each image by itself to mean 0 and variance 1: takes contrast and colour out of it.':
    '把每张图像的每个通道单独归一化为均值 0、方差 1：去除对比度和色彩差异。',
  'Brings each sample by itself to mean 0 and variance 1, then scales and shifts it. The same in training and evaluation.':
    '把每个样本单独归一化为均值 0、方差 1，再缩放和平移。训练与评估时相同。',
  'Lets neighbouring channels damp each other where they are strong, as AlexNet did.':
    '让相邻通道在响应强处相互抑制，如 AlexNet 所用。',
  'Divides each sample by the root of its mean square: a LayerNorm that leaves the mean alone, cheaper and as good in Transformers.':
    '把每个样本除以其均方根：不减均值的 LayerNorm，更便宜，在 Transformer 中效果相当。',
  'Averages each channel of a signal down to a fixed length, usually a single number.':
    '把信号的每个通道平均到固定长度，通常是一个数。',
  'Averages each channel down to a fixed size, usually a single number: what stands before the last Linear of a modern CNN.':
    '把每个通道平均到固定大小，通常是一个数：现代 CNN 最后一个 Linear 之前的层。',
  'Keeps the largest number of each window of a grid of fixed size, usually one for the whole channel: whether a pattern is anywhere.':
    '在固定大小的网格中保留每个窗口的最大值，通常整个通道只留一个：判断某个模式是否出现。',
  'Replaces each window by the average of its numbers.': '用平均值代替每个窗口。',
  'Keeps the largest number of each window, which shrinks the image and makes it less sensitive to shifts.':
    '保留每个窗口中的最大值，缩小图像并使其对平移不那么敏感。',
  'Lays groups of channels out as finer pixels: a convolution before it learns how to enlarge an image.':
    '把通道组排列成更细的像素：由其前面的卷积学习如何放大图像。',
  'Puts a border of zeros around each image.': '在每张图像四周补零。',
  'Reads a sequence step by step with two gates instead of the three of an LSTM: fewer weights, often as good.':
    '逐步读取序列，用两个门代替 LSTM 的三个门：权重更少，效果往往相当。',
  'Reads a sequence step by step. Gates decide what to forget, what to store and what to show, so that it can remember over many steps.':
    '逐步读取序列。由门决定遗忘、存储和输出什么，因而能跨越许多步记忆。',
  'The simplest recurrent layer: the new state is a function of the input and the old state. Forgets quickly.':
    '最简单的循环层：新状态是输入和旧状态的函数。遗忘很快。',
  'Your own formula, element by element: + − * / ^ < >, parentheses, numbers, pi, e, and exp, log, sqrt, square, abs, sign, sin, cos, tanh, erf, sigmoid, softplus, relu, silu, gelu, max, min, where.':
    '你自己的逐元素公式：+ − * / ^ < >、括号、数字、pi、e，以及 exp、log、sqrt、square、abs、sign、sin、cos、tanh、erf、sigmoid、softplus、relu、silu、gelu、max、min、where。',
  'Keeps the largest number of each window, which shrinks the signal and makes it less sensitive to shifts.':
    '保留每个窗口中的最大值，缩短信号并使其对平移不那么敏感。',
  'Keeps the largest number of each window, which shrinks the volume and makes it less sensitive to shifts.':
    '保留每个窗口中的最大值，缩小体数据并使其对平移不那么敏感。',
  Block: '模块',
  'Where data comes into a block: each use of the block has a port for it.':
    '数据进入模块之处：模块的每个使用处都有与它对应的端口。',
  'What a block gives: each use of the block has a port for it.':
    '模块给出的内容：模块的每个使用处都有与它对应的端口。',
  'Slides learnable filters over a signal; each filter gives one output channel that shows where its pattern is.':
    '让可学习的卷积核滑过信号；每个卷积核给出一个输出通道，显示其模式所在的位置。',
  'Slides learnable filters over a volume; each filter gives one output channel that shows where its pattern is.':
    '让可学习的卷积核滑过体数据；每个卷积核给出一个输出通道，显示其模式所在的位置。',
  'Spreads each input point over a patch of the output: a learnable way to make signals larger, as decoders need.':
    '把输入的每个点铺开到输出的一小块上：解码器所需的、可学习的信号放大方式。',
  'Spreads each input point over a patch of the output: a learnable way to make volumes larger, as decoders need.':
    '把输入的每个点铺开到输出的一小块上：解码器所需的、可学习的体数据放大方式。',
  'Makes images, signals or volumes larger, by repeating numbers or by blending neighbours: the undoing of pooling, without weights.':
    '通过重复数或混合相邻的数放大图像、信号或体数据：池化的逆操作，没有权重。',
};
