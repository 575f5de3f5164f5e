import type { Phrases } from '../phrases.ts';

/** Parameters of layers: what each does. */
export const phrases: Phrases = {
  'The value that large negative numbers approach, negated.': '很大的负数所趋近的值的相反数。',
  'With tanh, the approximation that GPT-2 and BERT were trained with.': '取 tanh 时为训练 GPT-2 和 BERT 所用的近似。',
  'Axis that is split in halves; -1 is the last, 1 the first after the batch (channels of an image).':
    '被分成两半的轴；-1 为最后一个，1 为批之后的第一个（图像的通道）。',
  'Numbers that stand for each id; all are learned.': '代表每个编号的数的个数，全部由训练学得。',
  'The id, or the number of all features, that marks a step as filling.':
    '标记填充步的编号，或该步所有特征都等于的数。',
  'Turns queries and keys of each head by their places, so that what counts is how far apart they are.':
    '按位置旋转各头的查询和键，使起作用的是它们相距多远。',
  'With rotary: how slowly the slowest pair of features turns, larger for longer sequences.':
    '使用旋转位置时：最慢的一对特征转动得多慢，序列越长应越大。',
  'Set by a use of the block that works on each step by itself: the steps of a sequence go on as samples.':
    '由逐步作用的模块设定：序列的各步在模块内作为样本继续。',
  'Works on each step of a sequence by itself, with the same weights: [N, T, …] → [N, T, …], as TimeDistributed in Keras.':
    '以相同的权重分别作用于序列的每一步：[N, T, …] → [N, T, …]，即 Keras 的 TimeDistributed。',
  'What the sum of a window is divided by; while empty, by how many places count.':
    '窗口之和除以此数；留空时除以计入的位置数。',
  'How many ids there are; found from the data set while empty.': '编号的个数；留空时由数据集得出。',
  'Numbers drawn for each sample: the size of the latent space.': '每个样本抽取的数的个数：隐空间的大小。',
  'How slowly the slowest pair of features turns: larger for longer sequences.':
    '最慢的一对特征转动得多慢：序列越长应越大。',
  'Numbers below this one become this one.': '小于此值的数变为此值。',
  'Numbers above this one become this one.': '大于此值的数变为此值。',
  'Slope on the negative side.': '负半轴的斜率。',
  'Axis along which the numbers compete; -1 is the last, 1 the first after the batch (channels of an image).':
    '数值相互竞争的轴；-1 为最后一个，1 为批之后的第一个（图像的通道）。',
  'How many slopes are learned: 1 for all, or one for each channel.': '学习多少个斜率：全部共用 1 个，或每个通道一个。',
  'The slopes at the start.': '斜率的初始值。',
  'Attentions side by side, each on its share of the features; must divide the features.':
    '并列的注意力头数，每个头处理一部分特征；必须整除特征数。',
  'Dropout on the shares of attention, in training.': '训练时对注意力权重做的 dropout。',
  'Adds learnable biases to the products.': '为线性变换加上可学习的偏置。',
  'Lets each step see only itself and what came before.': '让每一步只看到自己和之前的步。',
  'Attentions side by side; must divide the features.': '并列的注意力头数；必须整除特征数。',
  'Width of the layer between the two products after attention.': '注意力之后两次线性变换之间的宽度。',
  'Dropout after each part, in training.': '训练时每个部分之后的 dropout。',
  'Between the two products.': '两次线性变换之间的激活。',
  'Added to the variance, against division by 0.': '加到方差上，防止除以 0。',
  'Normalizes before each part instead of after it: deep stacks train more easily.':
    '在每个部分之前而非之后归一化：深层堆叠更容易训练。',
  'Lets each step of the first sequence see only what came before.': '让第一个序列的每一步只看到之前的步。',
  'Number of filters: channels of the output.': '卷积核个数，即输出通道数。',
  'Distance between the points of a filter.': '卷积核各点之间的距离。',
  'Splits the channels into groups that do not see each other.': '把通道分成互不相见的组。',
  'Channels of the input; found from the wire while empty.': '输入通道数；留空时由连线推断。',
  'Adds a learnable bias to each output channel.': '为每个输出通道加上可学习的偏置。',
  'Splits the channels into groups that do not see each other; as many as channels is a depthwise convolution.':
    '把通道分成互不相见的组；组数等于通道数即为深度卷积。',
  'Channels of the output.': '输出通道数。',
  'How far apart input points lie in the output: 2 doubles the length.': '输入点在输出中的间距：2 使长度加倍。',
  'Numbers cut off at each end of the output.': '输出两端各裁去多少个数。',
  'Numbers added at the end of the output.': '在输出末尾添加多少个数。',
  'How far apart input points lie in the output: 2 doubles the size.': '输入点在输出中的间距：2 使尺寸加倍。',
  'Rows and columns cut off at each side of the output.': '输出各边裁去的行数和列数。',
  'Rows and columns added at the end of the output.': '在输出末尾添加的行数和列数。',
  'Height and width of the filter of each channel.': '每个通道的卷积核的高和宽。',
  'Probability with which each number is set to the lowest value of SELU in training.':
    '训练时把每个数置为 SELU 最小值的概率。',
  'Size of each output sample.': '每个输出样本的大小。',
  'Adds a learnable bias to the output.': '为输出加上可学习的偏置。',
  'Probability with which each number is set to 0 in training.': '训练时把每个数置 0 的概率。',
  'Probability with which each channel is set to 0 in training.': '训练时把每个通道置 0 的概率。',
  'Number of neurons: size of each output sample.': '神经元个数，即每个输出样本的大小。',
  'Size of each input sample; found from the wire while empty.': '每个输入样本的大小；留空时由连线推断。',
  'Order of the axes of a sample; 1 is the first axis after the batch, which stays in front.':
    '样本各轴的顺序；1 为批之后的第一个轴，批始终在最前。',
  'New shape of one sample, without the batch; one entry may be -1 and is found from the others.':
    '单个样本的新形状，不含批；其中一项可为 -1，由其余各项推出。',
  'Axis from which one index is taken; 1 is the first after the batch.': '从中取一个索引的轴；1 为批之后的第一个。',
  'Which one: 0 is the first, -1 the last.': '取哪一个：0 为第一个，-1 为最后一个。',
  'Axis that is cut; 1 is the first after the batch (channels of an image).':
    '被截取的轴；1 为批之后的第一个（图像的通道）。',
  'Index of the first element that is kept.': '保留的第一个元素的索引。',
  'How many elements are kept.': '保留多少个元素。',
  'Axis that is halved; 1 is the first after the batch (channels of an image).':
    '被对半分的轴；1 为批之后的第一个（图像的通道）。',
  'Standard deviation of what is added in training.': '训练时所加噪声的标准差。',
  'Axis along which the tensors are put together; 1 is the first after the batch (channels of an image).':
    '拼接张量所沿的轴；1 为批之后的第一个（图像的通道）。',
  'Exchanges the last two axes of the second input before.': '先交换第二个输入的最后两个轴。',
  'Where the new axis goes; 1 is the first after the batch.': '新轴的位置；1 为批之后的第一个。',
  'Share of the batch in each update of the running mean and variance.': '每次更新滑动均值和方差时当前批所占的份额。',
  'Learns a scale and a shift for each channel.': '为每个通道学习缩放和平移。',
  'Groups of channels that are normalized together; must divide the channels.':
    '一起归一化的通道组数；必须整除通道数。',
  'The last axes of a sample that are normalized together; empty is the last axis alone.':
    '样本中一起归一化的最后几个轴；留空则只有最后一个轴。',
  'Learns a scale and a shift for each place.': '为每个位置学习缩放和平移。',
  'Neighbouring channels that share one sum of squares.': '共用一个平方和的相邻通道数。',
  'Weight of the mean of squares.': '均方的权重。',
  'Exponent of the divisor.': '除数的指数。',
  'Added to the mean of squares before it is raised.': '取幂之前加到均方上的数。',
  'Added to the mean of squares, against division by 0.': '加到均方上，防止除以 0。',
  'Learns a scale for each place.': '为每个位置学习缩放。',
  'Length of the window.': '窗口的长度。',
  'Height and width of the window.': '窗口的高和宽。',
  'Distance between the points of a window.': '窗口各点之间的距离。',
  'Border at each side that never wins; at most half the window.': '各边不参与取最大值的边缘；至多为窗口的一半。',
  'How many times as high and wide the output is.': '输出的高和宽为输入的多少倍。',
  'How many times as long, high, wide and deep the output is.': '输出的长、高、宽和深为输入的多少倍。',
  'Zeros added left, right, above and below: the order of PyTorch.':
    '左、右、上、下各补多少个零：与 PyTorch 的顺序相同。',
  'Numbers that the layer remembers from step to step.': '该层逐步记住的数的个数。',
  'The state after the last step, or the states of all steps.': '最后一步之后的状态，或所有步的状态。',
  'Layers on top of each other, each reading the states of the one below.': '叠放的层数，每层读取下一层的状态。',
  'A second layer reads the sequence backwards; the states of both stand side by side.':
    '另有一层反向读取序列；两者的状态并列。',
  'Dropout on the states between layers, in training.': '训练时对层间状态做的 dropout。',
  'Features at each step; found from the wire while empty.': '每一步的特征数；留空时由连线推断。',
  'Function applied to the state at each step.': '每一步作用于状态的函数。',
  'What is computed for each number, of the inputs x, y, z, w (in the order of the wires) and the scalars.':
    '对每个数计算什么：可用输入 x、y、z、w（按连线顺序）和标量。',
  'Numbers in the formula that training learns, with their first values: beta = 1, gamma = 0.5.':
    '公式中由训练学习的数及其初始值：beta = 1, gamma = 0.5。',
  'Step of the window along each axis; 0 is the size of the window.': '窗口沿各轴的步长；0 表示等于窗口大小。',
  'Zeros added at each side; at most half the window.': '各边补多少个零；至多为窗口的一半。',
  'Keeps a last window that ends outside of the input: rounds the size of the output up.':
    '保留末端超出输入的最后一个窗口：输出大小向上取整。',
  'Counts the zeros of the padding in the average.': '求平均时计入填充的零。',
  'Depth, height and width of the window.': '窗口的深、高和宽。',
  'Length of each filter.': '每个卷积核的长度（点数）。',
  'Height and width of each filter.': '每个卷积核的高和宽。',
  'Depth, height and width of each filter.': '每个卷积核的深、高和宽。',
  'Step of the filter along each axis.': '卷积核沿各轴的步长。',
  'Border at each side; "same" keeps the size of the input (at stride 1), "valid" adds none.':
    '各边的填充；"same" 保持输入大小（步长为 1 时），"valid" 不填充。',
  'What the border holds: zeros, the input mirrored, its edge repeated, or its other end.':
    '填充的内容：零、镜像的输入、重复的边缘，或输入的另一端。',
  'How much is cut off at each side of the output.': '输出各边裁去多少。',
  'How much is added at the end of each axis of the output.': '输出沿各轴末端增加多少。',
  'Zeros at each side; "same" keeps the size of the input (at stride 1), "valid" adds none.':
    '各边补零；"same" 保持输入大小（步长为 1 时），"valid" 不补。',
  'Repeats each number, or blends neighbours by their distance: linear for signals, bilinear for images, trilinear for volumes.':
    '重复每个数，或按距离混合相邻的数：linear 用于信号，bilinear 用于图像，trilinear 用于体数据。',
  'Not with nearest: the numbers at the corners keep their values exactly.': '不用于 nearest：角上的数保持原值。',
  'Height and width of the output; 1 × 1 averages the whole image.': '输出的高和宽；1 × 1 为对整张图像求平均。',
  'Height and width of the output; 1 × 1 keeps the largest of the whole image.':
    '输出的高和宽；1 × 1 为保留整张图像的最大值。',
  'Length of the output; 1 averages the whole signal.': '输出的长度；1 为对整个信号求平均。',
};
