import type { Phrases } from '../phrases.ts';

/** What stops a run, or keeps a file, a link or a table from being read. */
export const phrases: Phrases = {
  '{subject}: {what}': '{subject}：{what}',
  'no data set was given before a run was loaded': '载入训练之前没有给出数据集',
  ' and ': ' 和 ',

  // Devices, by what they say of themselves.
  'WebAssembly SIMD, 1 thread ({reason})': 'WebAssembly SIMD，1 个线程（{reason}）',
  'WebGPU, unnamed adapter': 'WebGPU，未命名的适配器',
  'WebGPU, {adapter}': 'WebGPU，{adapter}',
  'plain TypeScript': '纯 TypeScript',

  // Runs and devices.
  'WebAssembly SIMD, 1 thread': 'WebAssembly SIMD，1 个线程',
  'WebAssembly SIMD, {threads} threads': 'WebAssembly SIMD，{threads} 个线程',
  'Plain TypeScript, slow: the oracle': '纯 TypeScript，很慢：作为对照',
  'The loss is not a finite number at step {step}. Training is paused; try a lower learning rate.':
    '第 {step} 步的损失不是有限数。训练已暂停；请尝试更小的学习率。',
  'The loss is not a finite number at step {step}, first in {layer}. Training is paused; try a lower learning rate.':
    '第 {step} 步的损失不是有限数，最先出现在 {layer}。训练已暂停；请尝试更小的学习率。',
  'The device was lost ({reason}). Training goes on from step {step} on {device}.':
    '设备已丢失（{reason}）。训练从第 {step} 步起在 {device} 上继续。',
  'the GPU went away: {reason}': 'GPU 已断开：{reason}',
  'reading from the GPU failed: {reason}': '从 GPU 读取失败：{reason}',
  'a kernel failed on the CPU: {reason}': 'CPU 上的一个计算核失败：{reason}',
  'the GPU driver refuses the kernel "{kernel}": {reason}': 'GPU 驱动拒绝计算核“{kernel}”：{reason}',
  'the GPU is out of memory: use a smaller batch or model. {details}': 'GPU 内存不足：请用更小的批或模型。{details}',
  'the GPU reports an error: {reason}': 'GPU 报告错误：{reason}',
  '{what} needs {size} in one buffer and this GPU allows {limit}: use a smaller batch or a smaller model':
    '{what} 需要 {size} 的单个缓冲区，而此 GPU 最多允许 {limit}：请用更小的批或更小的模型',
  'kernel "{kernel}" needs {wanted} storage buffers and this GPU has {given}: use another device':
    '计算核“{kernel}”需要 {wanted} 个存储缓冲区，而此 GPU 只有 {given} 个：请换用其他设备',
  'WebGPU was asked for, but there is no adapter here: choose wasm instead':
    '选择了 WebGPU，但这里没有可用的适配器：请改用 wasm',
  'this browser has no WebAssembly SIMD: update it, or choose another device':
    '此浏览器不支持 WebAssembly SIMD：请更新浏览器，或选择其他设备',
  'the browser gave no more memory ({size} MiB wanted)': '浏览器没有再给内存（需要 {size} MiB）',
  'the browser sets aside no memory for WebAssembly: close other tabs':
    '浏览器没有为 WebAssembly 留出内存：请关闭其他标签页',
  'WebAssembly has {has} of memory and {needs} would be needed: use smaller layers or a smaller batch':
    'WebAssembly 有 {has} 内存，而需要 {needs}：请用更小的层或更小的批',
  'threads could not be started: {reason}': '无法启动线程：{reason}',
  'a tensor of {shape} needs more than {bytes} bytes': '形状为 {shape} 的张量需要超过 {bytes} 字节',
  '{layer} ({id}) would give {shape} for a batch of {batch}, {numbers} numbers: at most {most} are possible. Set the batch size to at most {fitting}, or make the layer smaller.':
    '批大小为 {batch} 时，{layer}（{id}）会得到 {shape}，即 {numbers} 个数：最多允许 {most} 个。请把批大小设为不超过 {fitting}，或缩小该层。',
  'The model has {numbers} weights: at most {most} are possible. Its largest is {name} of {shape}: make that layer smaller.':
    '模型有 {numbers} 个权重：最多允许 {most} 个。其中最大的是形状为 {shape} 的 {name}：请缩小该层。',
  'a document without a loss can not be trained': '没有损失的模型无法训练',
  'nothing can be trained: all layers are frozen, or none has weights':
    '没有可训练的内容：所有层都已冻结，或都没有权重',
  'a running average of the weights needs one optimizer: set emaDecay to 0':
    '权重的滑动平均只支持单个优化器：请把 emaDecay 设为 0',
  'unknown optimizer "{name}": choose another one': '未知的优化器“{name}”：请选择其他优化器',
  'unknown learning-rate schedule "{name}": choose another one': '未知的学习率计划“{name}”：请选择其他计划',
  'this model makes no samples: none of its layers gives one from Noise alone':
    '此模型不生成样本：没有任何层能仅由 Noise 得到样本',
  'this model does not say which character comes next: it gives {problem}':
    '此模型不预测下一个字符：它给出的是 {problem}',
  'there is one layout only on {device}: nothing to choose': '{device} 上只有一种布局：无可选择',
  'expected a beginning of at least one character that the text has': '开头至少要有一个文本中出现过的字符',
  'a confusion matrix needs one output a class: {outputs} outputs, {classes} classes':
    '混淆矩阵要求每个类别一个输出：现有 {outputs} 个输出、{classes} 个类别',
  'expected {count} × {size} numbers to predict from, got {given}':
    '预测需要 {count} × {size} 个数，实际收到 {given} 个',
  'a batch names a sample that does not exist: there are {count}': '批中有不存在的样本：共有 {count} 个',
  'sample {index} does not exist: the split has {count}': '样本 {index} 不存在：该划分共有 {count} 个',
  'the model has no weight "{name}"': '模型没有权重“{name}”',
  'no values for weight "{name}"': '权重“{name}”没有数值',
  'there is no run yet: press Train': '还没有训练：请按“训练”',
  'run "{name}" is not loaded': '训练“{name}”未载入',
  'node "{id}" can\'t be compiled': '节点“{id}”无法编译',
  'node "{id}" reads a wire that carries nothing': '节点“{id}”读取了没有数据的连线',
  'layer "{id}" draws random numbers outside of training': '层“{id}”在训练之外抽取随机数',
  'this buffer belongs to another device': '此缓冲区属于其他设备',
  'the buffer belongs to another backend': '此缓冲区属于其他后端',
  'this backend was disposed of': '此后端已释放',
  'buffer "{name}" ({wanted}) is not bound': '缓冲区“{name}”（{wanted}）未绑定',
  'buffer "{name}" belongs to another backend': '缓冲区“{name}”属于其他后端',
  'buffer "{name}" is {given}, the program has {wanted}': '缓冲区“{name}”是 {given}，程序需要 {wanted}',
  '{names} are the same buffer, and the program writes it': '{names} 是同一个缓冲区，而程序要写入它',
  'a buffer of {dtype} {shape} takes a {array} of {elements} elements, not a {given} of {length}':
    '{dtype} {shape} 的缓冲区需要有 {elements} 个元素的 {array}，而不是长度为 {length} 的 {given}',

  // Data sets.
  'unknown data set "{name}": choose one of {names}': '未知的数据集“{name}”：请选择 {names} 之一',
  "{file} can't be fetched ({reason}): is the server up?": '无法获取 {file}（{reason}）：服务器在运行吗？',
  "{file} can't be fetched: the server answered {status}": '无法获取 {file}：服务器返回 {status}',
  '{file} has {bytes} bytes, expected {wanted}: load it again': '{file} 有 {bytes} 字节，应为 {wanted}：请重新载入',
  '{file} is damaged: its SHA-256 is {sum}, expected {wanted}': '{file} 已损坏：其 SHA-256 为 {sum}，应为 {wanted}',
  '{file} is no valid gzip file: it is damaged or cut off': '{file} 不是有效的 gzip 文件：已损坏或不完整',
  '{file} unpacks to more than the {most} bytes that are expected': '{file} 解压后超过预期的 {most} 字节',
  '{file} does not hold what manifest.json says of it': '{file} 的内容与 manifest.json 所述不符',
  '{file} holds {shape}, expected bytes of {wanted}': '{file} 的内容是 {shape}，应为 {wanted} 的字节',
  '{file}: label {label} of sample {sample} is none of {classes} classes':
    '{file}：样本 {sample} 的标签 {label} 不在 {classes} 个类别之内',
  '{title} is shorter than two pieces of {steps} characters': '{title} 比两段 {steps} 个字符还短',
  'there is no generated data set "{name}": expected {names}': '没有名为“{name}”的生成数据集：应为 {names}',
  'manifest.json is no JSON: {reason}': 'manifest.json 不是 JSON：{reason}',
  'manifest.json must be a list': 'manifest.json 应为列表',
  'entry {number} of manifest.json: {problem}': 'manifest.json 的第 {number} 项：{problem}',
  '{file} is not an IDX file that can be read: {what}': '{file} 不是可读取的 IDX 文件：{what}',
  '{file} is not an .npy file that can be read: {what}': '{file} 不是可读取的 .npy 文件：{what}',
  '{file} is not a safetensors file that can be read: {what}': '{file} 不是可读取的 safetensors 文件：{what}',
  'it does not start with two zero bytes': '开头不是两个零字节',
  'its element type is 0x{type}, expected 0x8, 0xc or 0xd': '元素类型为 0x{type}，应为 0x8、0xc 或 0xd',
  'it claims {count} axes': '它声称有 {count} 个轴',
  '{shape} elements need {wanted} bytes, it has {given}': '{shape} 个元素需要 {wanted} 字节，实际有 {given} 字节',
  'it does not start with NumPy’s magic string': '开头不是 NumPy 的标识',
  'its version is {version}, expected 1 to 3': '其版本为 {version}，应为 1 到 3',
  'its header is cut off': '文件头不完整',
  'its type is "{type}", expected one of {types}': '其类型为“{type}”，应为 {types} 之一',
  'its header has no shape': '文件头没有形状',
  'its shape is ({shape})': '其形状为 ({shape})',
  'its shape ({shape}) needs {wanted} bytes, it has {given}': '形状 ({shape}) 需要 {wanted} 字节，实际有 {given} 字节',
  'it is shorter than 8 bytes': '不足 8 字节',
  'its header claims {wanted} bytes of {given}': '文件头声称有 {wanted} 字节，而共有 {given} 字节',
  'its header is no JSON ({reason})': '文件头不是 JSON（{reason}）',
  'its header is no object': '文件头不是对象',
  'tensor "{name}" has type {type}, expected F32 or F64': '张量“{name}”的类型为 {type}，应为 F32 或 F64',
  '{file}: tensor "{name}" has no valid shape and offsets': '{file}：张量“{name}”没有有效的形状和位置',
  'tensor "{name}" of shape [{shape}] claims bytes {start} to {end}':
    '形状为 [{shape}] 的张量“{name}”声称位于第 {start} 到 {end} 字节',

  // Tables.
  'it has more than {most} rows': '超过 {most} 行',
  'it is empty: expected a first line with the names of the columns': '文件是空的：第一行应为各列的名称',
  'it has a first line only: expected rows below it': '只有第一行：其下应有数据行',
  'it has {count} columns, at most {most} are possible': '有 {count} 列，最多允许 {most} 列',
  'two columns are called "{name}": every column needs a name of its own': '有两列都叫“{name}”：每列都要有自己的名称',
  'line {line} goes on with "{text}" after a closing quote: expected {wanted}':
    '第 {line} 行在右引号之后还有“{text}”：应为 {wanted}',
  'there is no column "{name}": expected one of {names}': '没有列“{name}”：应为 {names} 之一',
  'the target "{name}" has {count} different values, expected 2 to {most} classes':
    '目标“{name}”有 {count} 个不同的值，应为 2 到 {most} 个类别',
  'the target "{name}" holds words, expected numbers: predict one of its values instead':
    '目标“{name}”是词语，应为数：请改为预测其中一个值',
  'no column is left to predict from': '没有剩下可用来预测的列',
  'the column "{name}" has more than {most} different words: leave it out':
    '列“{name}”有超过 {most} 个不同的词：请不要使用它',
  '{count} complete rows are too few to train and to test with': '{count} 个完整的行不足以训练和测试',

  // Code.
  'code can be made when the model is sound: {problem}': '模型没有问题时才能生成代码：{problem}',
  'code can be made when the model ends in a loss: add one to its output':
    '模型以损失结尾时才能生成代码：请在输出后添加一个',
  'no code can be made of "{path}"': '无法为“{path}”生成代码',
  'unknown initial values "{name}": choose other ones': '未知的初始值“{name}”：请选择其他的',
  'no PyTorch code is written for several optimizers with {what}': '多个优化器并用 {what} 时，不生成 PyTorch 代码',
  'no Keras code is written for layers that share weights': '共享权重的层不生成 Keras 代码',
  'no Keras loss for {layer}': 'Keras 没有与 {layer} 对应的损失',
  'Keras has one optimizer in compile: several that alternate need a train_step of your own':
    'Keras 的 compile 只有一个优化器：多个交替的优化器需要自己写 train_step',
  "Keras can't express {layer} with initial values": 'Keras 无法表达带初始值的 {layer}',
  "Keras can't express {layer} with {what}.": 'Keras 无法表达 {layer}：{what}。',
  'a dilation': '带 dilation',
  'both a stride and a dilation': '同时有 stride 和 dilation',
  'an outputPadding above its padding': 'outputPadding 大于 padding',
  'windows that overlap': '窗口重叠',
  'one layer: use MultiheadAttention, Add, LayerNorm and Linear':
    '没有单个这样的层，请用 MultiheadAttention、Add、LayerNorm 和 Linear',
  'a loss of its own: compile takes losses of an output and a target': '自带损失，而 compile 只接受输出与目标的损失',
  'no target: compile takes losses of an output and a target': '没有目标，而 compile 只接受输出与目标的损失',
  'two inputs: compile takes losses of one output and a target': '有两个输入，而 compile 只接受一个输出与目标的损失',
  'three inputs: compile takes losses of one output and a target': '有三个输入，而 compile 只接受一个输出与目标的损失',
  'images or sequences': '图像或序列',
  'images, whose channels are last there': '图像，其通道在那里排在最后',
  'a weight for each class: pass class_weight to fit': '每个类别有权重，请把 class_weight 传给 fit',
  'a label to ignore, as PyTorch averages over the others': '有要忽略的标签，因为 PyTorch 只对其余的求平均',
  'any parameters: CategoricalHinge compares with one other class only':
    '任何参数都不行，CategoricalHinge 只与另一个类别比较',
  'any parameters: it has no RAdam': '它没有 RAdam',
  'any setting: it has no such layer': '它没有这样的层',
  'no scale': '没有缩放',
  'several axes': '多个轴',
  'p = 0': 'p = 0 时没有意义',
  'fan_out or another activation than ReLU: it has HeUniform': 'fan_out 或 ReLU 以外的激活；它只有 HeUniform',
  'fan_out or another activation than ReLU: it has HeNormal': 'fan_out 或 ReLU 以外的激活；它只有 HeNormal',
  'a gain': '带 gain',
  'an L2 penalty (weightDecay): AdamW has a weight decay': '带 L2 惩罚（weightDecay）；AdamW 有权重衰减',
  'lrDecay: choose a learning-rate schedule': '带 lrDecay，请选择学习率计划',

  // Documents, files and links.
  "The document can't be opened: {problem}.": '文档无法打开：{problem}。',
  'The document is not JSON: {reason}': '文档不是 JSON：{reason}',
  'The block "{name}" is missing.': '缺少模块“{name}”。',
  '{count} layers are too many to paste at once: at most {most}.': '一次粘贴 {count} 个层太多：最多 {most} 个。',
  "{name} can't be opened: {what}": '{name} 无法打开：{what}',
  '{name} holds no document.json': '{name} 中没有 document.json',
  'it is no zip archive that can be read ({reason})': '它不是可读取的 zip 压缩包（{reason}）',
  'The model makes a link of {count} characters: save it as a file': '此模型的链接长达 {count} 个字符：请保存为文件',
  'The link is too long.': '链接太长。',
  'The link is damaged: perhaps a part of it is missing.': '链接已损坏：可能缺少一部分。',
  'The link unpacks to more than a document can be.': '链接解压后超过文档允许的大小。',
};
