import type { Phrases } from '../phrases.ts';

/** What is wrong in a document, and how to mend it. */
export const phrases: Phrases = {
  '{type} compares probabilities, and the label of this data set is a number: use MSELoss.':
    '{type} 比较的是概率，而此数据集的标签是一个数：请使用 MSELoss。',
  '{type} chooses among classes, and the label of this data set is a number: use MSELoss.':
    '{type} 在类别中选择，而此数据集的标签是一个数：请使用 MSELoss。',
  '{type} compares with {targets} number a sample and receives samples of {shape}.':
    '{type} 与每个样本的 {targets} 个数比较，收到的样本形状为 {shape}。',
  'There is no data set "{name}" here: choose another one, or add the file again.':
    '这里没有数据集“{name}”：请选择其他数据集，或重新添加文件。',
  '{type} receives {scores} scores, and the labels of this data set name {classes} classes: labels from {first} on are outside of them.':
    '{type} 收到 {scores} 个得分，而此数据集的标签有 {classes} 个类别：从 {first} 起的标签超出范围。',
  'there is no constant "{name}": the constants are {names}': '没有常量“{name}”：现有常量为 {names}',
  'there is no constant "{name}": add one in the inspector of the model': '没有常量“{name}”：请在模型的检查器中添加',
  'the constant "{name}" is made of itself': '常量“{name}”引用了自身',
  'in the constant "{name}": {problem}': '常量“{name}”中：{problem}',
  '{problem}: "{formula}" is {value}': '{problem}：“{formula}”的值为 {value}',
  'The formula for {parameter} of {layer}: {problem}.': '{layer} 的 {parameter} 的公式有误：{problem}。',
  'Concat joins two or more tensors: connect another wire to it.': 'Concat 拼接两个或更多张量：请再连一条线。',
  'Linear expects at least one axis of features.': 'Linear 至少需要一个特征轴。',
  '{type} is to share the weights of "{node}", which is no {other} with its own weights.':
    '{type} 要共用“{node}”的权重，而它不是有自己权重的 {other}。',
  '{type} needs weights {wanted} here, and shares {given}.': '{type} 在这里需要权重 {wanted}，共用的是 {given}。',
  'RotaryEncoding expects sequences with an even number of features and receives samples of {shape}.':
    'RotaryEncoding 需要特征数为偶数的序列，实际收到形状为 {shape} 的样本。',
  'Remove the wire': '移除这条连线',
  'Embedding expects the ids of a text, and this data set has none: choose a text.':
    'Embedding 需要文本的编号，而此数据集没有：请选择文本数据集。',
  'Embedding has rows for {rows} ids, and the data set has {ids}.':
    'Embedding 有 {rows} 个编号的行，而数据集有 {ids} 个。',
  '{type} expects scores for each of {steps} steps, {wanted}, and receives samples of {shape}.':
    '{type} 需要 {steps} 步中每一步的得分（{wanted}），实际收到形状为 {shape} 的样本。',
  '{type} compares numbers, and the {what} are ids: use CrossEntropyLoss.':
    '{type} 比较数值，而 {what} 是编号：请用 CrossEntropyLoss。',
  'samples of this data set': '此数据集的样本',
  'labels of this data set': '此数据集的标签',
  '{type} takes one label a sample: use CrossEntropyLoss for steps.':
    '{type} 每个样本只取一个标签：逐步的标签请用 CrossEntropyLoss。',
  '{type} expects ids (int32: characters of a text) and receives numbers: it belongs right behind the Input of a text.':
    '{type} 需要编号（int32，文本的字符），实际收到数值：它应紧接在文本的 Input 之后。',
  '{type} expects numbers and receives ids (int32): an Embedding turns each id into numbers.':
    '{type} 需要数值，实际收到编号（int32）：Embedding 把每个编号变成一组数。',
  'Stack joins two or more tensors: connect another wire to it.': 'Stack 堆叠两个或更多张量：请再连一条线。',
  'The model has no Input: add one, it brings in the data set.': '模型没有 Input：请添加一个，数据集由它输入。',
  'The model has no loss to train on: add one, such as CrossEntropyLoss for classes.':
    '模型没有可训练的损失：请添加一个，例如用于分类的 CrossEntropyLoss。',
  'There is no such layer.': '没有这样的层。',
  'These two are joined already.': '这两者已经相连。',
  'This program does not know that layer.': '本程序不认识该层。',
  'ZeroPad2d adds nothing.': 'ZeroPad2d 没有补任何内容。',
  'outputPadding must be smaller than the stride or the dilation.': 'outputPadding 必须小于 stride 或 dilation。',
  '{type} expects {wanted} inputs and receives {given}.': '{type} 需要 {wanted} 个输入，实际收到 {given} 个。',
  '{node} has no output "{port}".': '{node} 没有输出“{port}”。',
  "{node} can't feed itself.": '{node} 不能连接到自身。',
  '{node} has no input "{port}".': '{node} 没有输入“{port}”。',
  '{parameter} of {node} expects {wanted}.': '{node} 的 {parameter} 应为{wanted}。',
  'expects {wanted}': '应为{wanted}',
  'a number': '数',
  'numbers with commas between': '以逗号分隔的数',
  'a list of numbers': '数的列表',
  'a list of integers': '整数列表',
  'true or false': 'true 或 false',
  'a whole number': '整数',
  'one of {choices}': '以下之一：{choices}',
  '{count} integers': '{count} 个整数',
  'at most {count} integers': '至多 {count} 个整数',
  'at most {count} numbers': '至多 {count} 个数',
  'at least {least}, got {value}': '不小于 {least} 的数（现为 {value}）',
  'at most {most}, got {value}': '不大于 {most} 的数（现为 {value}）',
  '{message} ({node} gives {shape}.)': '{message}（{node} 给出 {shape}。）',
  "{type} can't join samples of {shapes}: sizes must be equal, or 1.":
    '{type} 无法合并 {shapes} 的样本：大小必须相等或为 1。',
  "{type} can't join samples of {shapes}: they have different numbers of axes.":
    '{type} 无法合并 {shapes} 的样本：轴数不同。',
  "{type} can't split {features} features into {heads} heads.": '{type} 无法把 {features} 个特征分给 {heads} 个头。',
  "{type} can't split {in} input and {out} output channels into {groups} groups.":
    '{type} 无法把 {in} 个输入通道和 {out} 个输出通道分成 {groups} 组。',
  '{type} compares vectors and receives samples of {shape}.': '{type} 比较向量，实际收到 {shape} 的样本。',
  '{type} compares vectors of one length and receives {shapes}: make them alike.':
    '{type} 比较长度相同的向量，实际收到 {shapes}：请使它们一致。',
  '{type} compares with {classes} numbers, one a class, and receives samples of {shape}.':
    '{type} 与 {classes} 个数（每类一个）比较，实际收到 {shape} 的样本。',
  '{type} compares with the input, samples of {wanted} ({size} numbers), and receives {given} ({count}).':
    '{type} 与输入比较，即 {wanted} 的样本（{size} 个数），实际收到 {given}（{count} 个）。',
  '{type} expects {classes} scores, one a class, and receives {given}.':
    '{type} 需要 {classes} 个得分（每类一个），实际收到 {given} 个。',
  '{type} expects {wanted} features a step and receives {given}.':
    '{type} 每步需要 {wanted} 个特征，实际收到 {given} 个。',
  '{type} expects a weight for each of {classes} classes and has {given}.':
    '{type} 需要为 {classes} 个类别各设一个权重，现有 {given} 个。',
  '{type} expects images (channels × height × width) and receives samples of {shape}.':
    '{type} 需要图像（通道 × 高 × 宽），实际收到 {shape} 的样本。',
  '{type} expects one score a class and receives samples of {shape}.':
    '{type} 需要每类一个得分，实际收到 {shape} 的样本。',
  '{type} expects sequences (steps × features) and receives samples of {shape}.':
    '{type} 需要序列（步 × 特征），实际收到 {shape} 的样本。',
  '{type} expects signals (channels × length) and receives samples of {shape}.':
    '{type} 需要信号（通道 × 长度），实际收到 {shape} 的样本。',
  '{type} has dim {dim}, but samples of {shape} have the axes 1 to {last} (0 is the batch).':
    '{type} 的 dim 为 {dim}，但 {shape} 的样本只有轴 1 到 {last}（0 为批）。',
  '{type} joins two or more tensors: connect another wire to it.': '{type} 合并两个或更多张量：请再连一条线。',
  '{type} needs labels, and this data set has none: choose another loss or data set.':
    '{type} 需要标签，而该数据集没有：请选择其他损失或数据集。',
  '"{port}" of {type} expects one number for each of {steps} steps and receives {shape}.':
    '{type} 的“{port}”需要 {steps} 步各一个数，实际收到 {shape}。',
  'MultiheadAttention with rotary places needs an even number of features a head and has {size}: choose other heads.':
    '使用旋转位置时，MultiheadAttention 每个头的特征数须为偶数，现为 {size}：请选择其他头数。',
  '"{port}" of {type} expects a mask and receives ids (int32): PaddingMask makes one of them.':
    '{type} 的“{port}”需要掩码，实际收到编号（int32）：PaddingMask 可由编号生成掩码。',
  'PaddingMask expects ids or sequences (steps × features) and receives samples of {shape}.':
    'PaddingMask 需要编号或序列（步 × 特征），实际收到 {shape} 的样本。',
  '{type} receives sequences of {steps} steps: at most {most} are possible.':
    '{type} 收到 {steps} 步的序列：最多 {most} 步。',
  'A block for each step expects sequences of at least two axes (steps × …) and receives {shape}.':
    '逐步作用的模块需要至少两个轴的序列（步 × …），实际收到 {shape}。',
  'A block for each step needs as many steps at all of its inputs and receives {first} and {steps}.':
    '逐步作用的模块要求各输入的步数相同，实际收到 {first} 和 {steps}。',
  'Upsample blends samples of {axes} axes with mode {blending}, not {mode}.':
    'Upsample 对 {axes} 个轴的样本须用模式 {blending} 插值，而非 {mode}。',
  'A wire ends at the layer "{node}", which does not exist.': '一条连线的终点“{node}”不存在。',
  'BCEWithLogitsLoss expects 1 or {width} numbers as posWeight and has {given}.':
    'BCEWithLogitsLoss 的 posWeight 需要 1 个或 {width} 个数，现有 {given} 个。',
  'BatchNorm1d expects features or sequences and receives samples of {shape}.':
    'BatchNorm1d 需要特征或序列，实际收到 {shape} 的样本。',
  'Bilinear expects two lists of features and receives samples of {shape}.':
    'Bilinear 需要两个特征列表，实际收到 {shape} 的样本。',
  "Concat can't put samples of {shapes} together: they may differ in axis {axis} only.":
    'Concat 无法拼接 {shapes} 的样本：只有轴 {axis} 可以不同。',
  '{type} expects {wanted} channels and receives {given}.': '{type} 需要 {wanted} 个通道，实际收到 {given} 个。',
  'CosineEmbeddingLoss takes pairs by a label of two classes, and this data set has {classes}.':
    'CosineEmbeddingLoss 用两类的标签来区分对，而该数据集有 {classes} 类。',
  'Data runs in a circle: {path}. Remove one of these wires.': '数据形成环路：{path}。请移除其中一条连线。',
  'Data would run in a circle: {from} already depends on {to}.': '数据会形成环路：{from} 已经依赖于 {to}。',
  'GLU splits an axis in halves and receives {size} along axis {dim}.':
    'GLU 把一个轴对半分，而轴 {dim} 的大小为 {size}。',
  "GroupNorm can't split samples of {shape} into {groups} groups of channels.":
    'GroupNorm 无法把 {shape} 的样本分成 {groups} 组通道。',
  'Input "{port}" of {node} takes one wire only: this one is not used.':
    '{node} 的输入“{port}”只接受一条连线：这一条没有使用。',
  'Insert {layer} before {node}': '在 {node} 之前插入 {layer}',
  "Keras can't express {layer} with {what}.": 'Keras 无法表达带有 {what} 的 {layer}。',
  '{type} normalizes {axes} and receives samples of {shape}.': '{type} 对 {axes} 做归一化，实际收到 {shape} 的样本。',
  'Linear expects {wanted} features and receives {given}.': 'Linear 需要 {wanted} 个特征，实际收到 {given} 个。',
  'Linear expects a list of features and receives images of {shape}.': 'Linear 需要特征列表，实际收到 {shape} 的图像。',
  'LocalResponseNorm expects channels of signals or images and receives {shape}.':
    'LocalResponseNorm 需要信号或图像的通道，实际收到 {shape}。',
  "MatMul can't multiply samples of {first} and {second}: columns of the first must be rows of the second.":
    'MatMul 无法把 {first} 与 {second} 的样本相乘：前者的列数必须等于后者的行数。',
  'MultiheadAttention takes one sequence, or two with as many features each, and receives {shapes}.':
    'MultiheadAttention 需要一个序列，或特征数相同的两个序列，实际收到 {shapes}。',
  'PReLU has {slopes} slopes and receives samples of {shape}.': 'PReLU 有 {slopes} 个斜率，实际收到 {shape} 的样本。',
  'Permute has the dims [{dims}], but a sample of {shape} needs each of [{axes}] once.':
    'Permute 的 dims 为 [{dims}]，而 {shape} 的样本需要 [{axes}] 各出现一次。',
  'PixelShuffle by {factor} needs a multiple of {square} channels and receives {channels}.':
    '放大 {factor} 倍的 PixelShuffle 需要 {square} 的倍数个通道，实际收到 {channels} 个。',
  'PositionEmbedding expects sequences and receives samples of {shape}.':
    'PositionEmbedding 需要序列，实际收到 {shape} 的样本。',
  'PositionalEncoding expects sequences with an even number of features and receives samples of {shape}.':
    'PositionalEncoding 需要特征数为偶数的序列，实际收到 {shape} 的样本。',
  'Remove the wire from {from} to {to}': '移除从 {from} 到 {to} 的连线',
  'Remove {node}': '移除 {node}',
  'Reparameterize expects two lists of as many features and receives {mean} and {spread}.':
    'Reparameterize 需要两个长度相同的特征列表，实际收到 {mean} 和 {spread}。',
  'Select takes index {index} of axis {axis} and receives samples of {shape}.':
    'Select 取轴 {axis} 的索引 {index}，实际收到 {shape} 的样本。',
  'Set outFeatures of {node} to {value}': '把 {node} 的 outFeatures 设为 {value}',
  'Set {parameter} to {value}': '把 {parameter} 设为 {value}',
  'Slice takes {start} to {end} of axis {axis} and receives samples of {shape}.':
    'Slice 取轴 {axis} 的 {start} 到 {end}，实际收到 {shape} 的样本。',
  'Split halves axis {axis} and receives samples of {shape}.': 'Split 把轴 {axis} 对半分，实际收到 {shape} 的样本。',
  "Stack can't put samples of {shapes} together: shapes must be equal.":
    'Stack 无法堆叠 {shapes} 的样本：形状必须相同。',
  'The {window} window of {type} is larger than its input, {shape} with padding.':
    '{type} 的 {window} 窗口大于其输入（含填充为 {shape}）。',
  'The {what} of {type} would be {shape}, {size} numbers: at most {most} are possible. Make its sizes smaller.':
    '{type} 的 {what} 将为 {shape}，即 {size} 个数：最多 {most} 个。请减小其尺寸。',
  'The {what} of {type} would be {shape}: every size must be at least 1.':
    '{type} 的 {what} 将为 {shape}：每个大小至少为 1。',
  'The output size {size} does not divide images of {shape}.': '输出大小 {size} 不能整除 {shape} 的图像。',
  'The output size {size} does not divide signals of {length}.': '输出大小 {size} 不能整除长度为 {length} 的信号。',
  'The padding of {type} is {padding}: at most half of the {window} window.':
    '{type} 的填充为 {padding}：至多为 {window} 窗口的一半。',
  'The padding of {type} leaves nothing of its output ({shape}).': '{type} 的填充使输出不剩任何内容（{shape}）。',
  'The shape [{shape}] {problem}': '形状 [{shape}] {problem}',
  'This data set has no labels: {type} can compare with the input only.': '该数据集没有标签：{type} 只能与输入比较。',
  'TransformerDecoderLayer needs as many features on both wires and receives {first} and {second}.':
    'TransformerDecoderLayer 的两条连线需要相同的特征数，实际收到 {first} 和 {second}。',
  'Expression takes up to {most} wires and has {count}.': 'Expression 最多接受 {most} 条连线，现有 {count} 条。',
  'The formula of Expression never reads {name}, the input of wire {wire}.':
    'Expression 的公式没有用到 {name}，即第 {wire} 条连线的输入。',
  'scalars of Expression gives {name}, which the formula {formula} does not use.':
    'Expression 的 scalars 给出了 {name}，而公式 {formula} 没有用到它。',
  text: '文本',
  '{type} expects volumes (channels × depth × height × width) and receives samples of {shape}.':
    '{type} 需要体数据（通道 × 深 × 高 × 宽），实际收到 {shape} 的样本。',
  'The border of {type} is {border}: with paddingMode "{mode}" an input of {shape} gives at most {most}.':
    '{type} 的填充为 {border}：paddingMode 为 "{mode}" 时，{shape} 的输入至多可填充 {most}。',
  'A padding of "same" in {type} needs a stride of 1, not {stride}.':
    '{type} 的步长为 {stride} 时无法保持输入大小："same" 要求步长为 1。',
};
