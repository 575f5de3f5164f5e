import type { Phrases } from '../phrases.ts';

/** Templates: their names and what they teach. */
export const phrases: Phrases = {
  Autoencoder: '自编码器',
  'Bidirectional LSTM': '双向 LSTM',
  'Convolutional autoencoder': '卷积自编码器',
  'Denoising autoencoder': '去噪自编码器',
  'Depthwise CNN': '深度可分离 CNN',
  'GRU on rows': '逐行 GRU',
  'Convolution on strips': '逐条卷积',
  'A convolution looks at each strip of a digit by itself, TimeDistributed; a GRU reads what it found from top to bottom and leaves out blank strips by a mask.':
    '卷积分别观察数字的每一条（TimeDistributed）；GRU 从上到下读取所得特征，并用掩码略过空白条。',
  'Keras quick-start CNN': 'Keras 入门 CNN',
  'LSTM on rows': '逐行 LSTM',
  'Multilayer perceptron': '多层感知机',
  'PyTorch quick-start CNN': 'PyTorch 入门 CNN',
  'Residual CNN': '残差 CNN',
  'Two moons': '双月',
  'Character language model': '字符语言模型',
  'MLP on a table': '表格上的 MLP',
  'Tabular regression': '表格回归',
  'Predicts a number from the rows of a table: how far diabetes went on within a year, by ten measurements of the patients.':
    '根据表格的行预测一个数：由患者的十项测量值预测一年内糖尿病的进展。',
  'Variational autoencoder': '变分自编码器',
  'Vision transformer': '视觉 Transformer',
  'A block of two convolutions with a way around them for the gradient, three times in a row: go inside with a double click, and repeat it more often.':
    '一个模块含两个卷积，并有旁路让梯度绕过；它首尾相接重复三次：双击进入其内部，或让它重复更多次。',
  'A skip connection lets the gradient pass around two convolutions; batch normalization and dropout as in the nets of today.':
    '跳跃连接让梯度绕过两个卷积；并像当今的网络一样使用批归一化和 dropout。',
  'Describes each digit by a small cloud of 16 numbers instead of a point, so that numbers in between are digits too.':
    '用 16 个数的一小片“云”而不是一个点来描述每个数字，使中间的点也是数字。',
  'Filters each channel by itself and mixes channels afterwards, as nets for phones do: few weights and few products.':
    '像手机上的网络那样先对每个通道单独卷积再混合通道：权重少、乘法少。',
  'LeCun’s net of 1998: tanh, average pooling and two rounds of convolution. Compare it with the CNNs of today.':
    'LeCun 1998 年的网络：tanh、平均池化和两轮卷积。可与当今的 CNN 比较。',
  'One convolution finds strokes, two Linear layers read the digit from them: the first model of the Keras guide.':
    '一个卷积找出笔画，两个 Linear 层从中读出数字：Keras 指南中的第一个模型。',
  'Shrinks images by pooling and makes them large again by transposed convolutions. Each pixel is a probability.':
    '用池化缩小图像，再用转置卷积放大。每个像素是一个概率。',
  'Squeezes each digit into 32 numbers and draws it again from those: the loss compares with the input, no labels are needed.':
    '把每个数字压缩成 32 个数再重新画出：损失与输入比较，不需要标签。',
  'Cuts a digit into patches, and lets each patch look at all others to decide what it is part of.':
    '把数字切成小块，让每块关注其他所有块来判断自己属于什么。',
  'Gets digits with noise on them and has to give back the clean ones: it must learn what digits look like.':
    '输入带噪声的数字，要求还原干净的数字：它必须学会数字的样子。',
  'Points in the plane, two classes that no straight line parts: watch the network bend its border.':
    '平面上的点，两类无法用直线分开：看网络如何弯曲它的边界。',
  'Reads a digit from top to bottom, one row of pixels a step, and decides from what it remembers.':
    '从上到下读取数字，每步一行像素，根据记忆作出判断。',
  'Tells benign from malignant tumours by 30 measurements of cell nuclei: a network on rows of a table.':
    '根据细胞核的 30 项测量区分良性与恶性肿瘤：在表格的行上训练的网络。',
  "Reads Newton's Opticks letter by letter and learns to say what comes next; then it writes on in the same style.":
    '逐字阅读牛顿的《光学》，学会说出下一个字符，然后以同样的文风续写。',
  'Two networks against each other: a generator makes digits of noise, a discriminator learns to tell them from real ones.':
    '两个网络相互竞争：生成器由噪声生成数字，判别器学习分辨真假。',
  'Reads a digit row by row like the LSTM, with fewer gates and fewer weights.':
    '像 LSTM 一样逐行读取数字，但门和权重更少。',
  'The net of the PyTorch tutorial: few filters, then three Linear layers, trained by SGD with momentum.':
    'PyTorch 教程中的网络：少量卷积核和三个 Linear 层，用带动量的 SGD 训练。',
  'The simplest net that reads digits: no convolution, each pixel is a number of its own.':
    '最简单的识别数字的网络：没有卷积，每个像素只是一个数。',
  'Two LSTMs read the rows of a digit, one from the top and one from the bottom; what both remember decides.':
    '两个 LSTM 分别从上和从下读取数字的各行；由两者的记忆共同决定。',
};
