import type { Phrases } from '../phrases.ts';

/** Blocks: the built-in ones, what is wrong with their uses, and names of edits. */
export const phrases: Phrases = {
  'Layers for each step of a sequence by itself, with the same weights, as in Keras: here a convolution that makes features of each frame. Put into it what you need.':
    '以相同的权重分别作用于序列每一步的层，如同 Keras：这里是为每帧提取特征的卷积。可放入所需的层。',
  'Two convolutions with normalization, and a way around them for the data and its gradient (He et al. 2015). Channels must be those that come in.':
    '两个带归一化的卷积，数据及其梯度可从旁绕过（He 等，2015）。通道数须与输入相同。',
  'Weighs each channel by what all channels hold on average (Hu et al. 2017). Channels must be those that come in; squeezed is how many they are reduced to.':
    '按所有通道的平均内容为每个通道加权（Hu 等，2017）。通道数须与输入相同；squeezed 是压缩后的通道数。',
  'Looks at the image through windows of several sizes at once and puts the results side by side (Szegedy et al. 2014).':
    '同时用几种大小的窗口观察图像，并把结果并列（Szegedy 等，2014）。',
  'Self-attention, then two linear layers for each step, each with a way around it and normalization before it (Vaswani et al. 2017). Features must be those that come in.':
    '自注意力，然后每步两个线性层；两部分都有旁路，其前有归一化（Vaswani 等，2017）。特征数须与输入相同。',
  'Two convolutions, then half the height and width (Ronneberger et al. 2015). The first output goes on down, the second across to the U-Net up of the same size.':
    '两个卷积，然后高和宽减半（Ronneberger 等，2015）。第一个输出继续向下，第二个横向连到同样大小的 U-Net up。',
  'Twice the height and width, joined with what comes across from the U-Net down of that size, then two convolutions (Ronneberger et al. 2015).':
    '高和宽加倍，与同样大小的 U-Net down 横向传来的内容拼接，再做两个卷积（Ronneberger 等，2015）。',
  'A block of {count} layers. Editing it inside changes all of its uses.':
    '由 {count} 个层组成的模块。编辑其内部会改变它的所有使用处。',
  'A block of {count} layer. Editing it inside changes all of its uses.':
    '由 {count} 个层组成的模块。编辑其内部会改变它的所有使用处。',
  'How often the block follows upon itself, each time with weights of its own.':
    '模块首尾相接重复的次数，每次都有各自的权重。',
  'Inside {block}: {message}': '{block} 内：{message}',
  "The block {name} can't be computed: see inside of it.": '模块 {name} 无法计算：请查看其内部。',
  'The blocks of this model stand for more than {count} layers: repeat them less often.':
    '此模型的模块展开后超过 {count} 个层：请减少重复次数。',
  'The block "{name}" is not in this document. The node is kept as it is; replace it to train the model.':
    '此文档中没有模块“{name}”。该节点保持原样；要训练模型，请替换它。',
  '{layer} belongs outside of blocks.': '{layer} 应放在模块之外。',
  '{layer} belongs inside of a block.': '{layer} 应放在模块之内。',
  "{layers} can't be in a block: the data and losses stay outside.": '{layers} 不能放进模块：数据和损失留在外面。',
  "{port} is a port of this block: it can't be in another.": '{port} 是此模块的端口：不能放进另一个模块。',
  'Select the layers that are to be a block.': '请选中要组成模块的层。',
  "These layers can't be one block: data would leave it for {layer} and come back. Select that too.":
    '这些层不能组成一个模块：数据会从中流到 {layer} 再流回来。请把它也选上。',
  "This can't be done: {problem}.": '无法这样做：{problem}。',
  'the block {name} contains itself: {names}': '模块 {name} 包含了自身：{names}',
  'the block "{name}" has more than {count} levels of blocks within blocks': '模块“{name}”的嵌套超过 {count} 层',
  'Group {count} layers into the block {block}': '把 {count} 个层组成模块 {block}',
  'Group {count} layer into the block {block}': '把 {count} 个层组成模块 {block}',
  'Dissolve {block}': '拆散 {block}',
  'Add the block {block}': '添加模块 {block}',
  'Change the block {block}': '修改模块 {block}',
  'Remove the block {block}': '删除模块 {block}',
  'Name the block {block} "{name}"': '把模块 {block} 命名为“{name}”',
  'Expose {parameter} of {block}': '公开 {block} 的 {parameter}',
  'Hide {parameter} of {block}': '不再公开 {block} 的 {parameter}',
  '{edit} in {block}': '在 {block} 内{edit}',
};
