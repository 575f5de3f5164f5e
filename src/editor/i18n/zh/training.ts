import type { Phrases } from '../phrases.ts';

/** Optimizers, schedules, options of training and initial values. */
export const phrases: Phrases = {
  epochs: '轮',
  batches: '批',
  samples: '样本',
  'Times that every training sample is seen.': '每个训练样本被看到的次数。',
  'Samples a step. More is faster an epoch, fewer steps to learn in.': '每步的样本数。越大每轮越快，但学习的步数越少。',
  'Draws the initial weights, the order of batches and dropout: the same seed, the same run.':
    '决定初始权重、批次顺序和 dropout：种子相同，训练就相同。',
  'Steps of a size of its own for each weight, from running means of the gradient and its square: a good first choice.':
    '根据梯度及其平方的滑动平均，为每个权重确定各自的步长：很好的首选。',
  'Moves every weight by the same amount, in the direction of the sign of the momentum: half of Adam’s memory.':
    '每个权重按动量的符号移动同样的量：内存只需 Adam 的一半。',
  'A step against the gradient; momentum keeps part of the last step’s direction.':
    '沿梯度反方向走一步；动量保留上一步的部分方向。',
  'Adam that warms up by itself: the first steps are plain momentum, until the mean square can be trusted.':
    '自带预热的 Adam：最初几步是普通动量，直到均方可信为止。',
  'Adam with Nesterov momentum: the mean of the gradient is taken one step ahead.':
    '带 Nesterov 动量的 Adam：梯度均值提前一步计算。',
  'Adam with weight decay kept apart from the gradient, as large models are trained.':
    '权重衰减与梯度分开的 Adam，大模型常用。',
  'Divides each step by the running size of the gradient; often used for recurrent nets.':
    '用梯度的滑动大小去除每一步；常用于循环网络。',
  'Divides each step by the size of all gradients so far: weights that are seldom used keep large steps.':
    '用至今所有梯度的大小去除每一步：很少用到的权重保持较大的步长。',
  'Finds the size of its steps from the steps before: needs no learning rate.': '由之前的步推出步长：不需要学习率。',
  'Added to the denominator, against division by 0.': '加到分母上，防止除以 0。',
  'Added to mean squares; makes the first step.': '加到均方上；决定第一步。',
  'Divides by the spread of the gradient around its running mean instead of by its size.':
    '除以梯度相对其滑动平均的离散程度，而不是梯度的大小。',
  'Divides the learning rate by 1 + this times the number of steps taken.': '把学习率除以 1 + 此值 × 已走步数。',
  'How fast the momentum grows to beta1 from half of it.': '动量从 beta1 的一半增长到 beta1 的速度。',
  'How long the gradient is remembered.': '梯度被记住多久。',
  'How long the mean of its square is remembered.': '其平方的平均值被记住多久。',
  'How long the mean of the gradient is remembered.': '梯度的平均值被记住多久。',
  'How long the mean of the squared gradient is remembered.': '梯度平方的平均值被记住多久。',
  'How long the mean squares of gradients and steps are remembered.': '梯度和步长的均方被记住多久。',
  'Learning rate: each weight moves by exactly this much; 3 to 10 times smaller than for Adam.':
    '学习率：每个权重恰好移动这么多；应为 Adam 的 1/3 到 1/10。',
  'Learning rate: factor of the step that it finds itself.': '学习率：它自行得出的步长的系数。',
  'Learning rate: size of a step.': '学习率：一步的大小。',
  'Looks one step ahead along the momentum; needs momentum, and no dampening.':
    '沿动量方向向前看一步；需要动量，且不能有阻尼。',
  'Pulls weights towards 0 (L2 penalty, added to the gradient).': '把权重拉向 0（L2 惩罚，加到梯度上）。',
  'Pulls weights towards 0 (L2 penalty).': '把权重拉向 0（L2 惩罚）。',
  'Share of the gradient that momentum leaves out.': '动量忽略的梯度份额。',
  'Share of the last step’s direction that is kept.': '保留上一步方向的份额。',
  'Share of the remembered gradient in the direction of a step.': '记住的梯度在步的方向中所占的份额。',
  'Shrinks weights by lr times this in each step, apart from the gradient.': '每一步使权重缩小 lr × 此值，与梯度无关。',
  'What the sum of squared gradients starts from.': '梯度平方和的初始值。',
  'AMSGrad: divides by the largest mean square so far, so that steps never grow again.':
    'AMSGrad：除以至今最大的均方，使步长不再变大。',
  Constant: '恒定',
  Cosine: '余弦',
  'Cosine with warm restarts': '带热重启的余弦',
  Exponential: '指数',
  'Linear warm-up': '线性预热',
  'Multi-step': '多阶梯',
  'One cycle': '单周期',
  'Reduce on plateau': '停滞时降低',
  Step: '阶梯',
  'By how much the first learning rate is below the optimizer’s, which is the largest.':
    '初始学习率比优化器的学习率（即最大值）低多少倍。',
  'By how much the last learning rate is below the first.': '最终学习率比初始学习率低多少倍。',
  'Factor of the learning rate at a drop.': '每次下降时学习率的系数。',
  'Factor of the learning rate at the start.': '开始时学习率的系数。',
  'Whether the threshold is a share of the best loss, or a difference from it.': '阈值是最佳损失的比例，还是与它的差。',
  'Falls along half a cosine from the learning rate to the smallest one.': '沿半个余弦从学习率降到最小值。',
  'Falls along half a cosine, jumps back up and falls again, each time tMult times as long.':
    '沿半个余弦下降，跳回后再次下降，每次的长度为上次的 tMult 倍。',
  'Grows from a small learning rate to the optimizer’s, then falls to almost nothing, once over the run.':
    '在整个训练中先从小学习率升到优化器的学习率，再降到几乎为零。',
  'Lowers the learning rate when the test loss has not become better for some epochs.':
    '当测试损失若干轮没有改善时降低学习率。',
  'Multiplies the learning rate by gamma after every epoch.': '每轮之后把学习率乘以 gamma。',
  'Multiplies the learning rate by gamma at each of the given epochs.': '在给定的各轮把学习率乘以 gamma。',
  'Multiplies the learning rate by gamma every stepSize epochs.': '每 stepSize 轮把学习率乘以 gamma。',
  'Starts with a part of the learning rate and grows to the whole of it in even steps.':
    '从学习率的一部分开始，均匀增长到全部。',
  'The learning rate stays what the optimizer says.': '学习率保持优化器所设的值。',
  'What the schedule counts: epochs, or updates of the weights.': '调度按什么计数：轮数，或权重更新次数。',
  'Shape of rise and fall.': '上升与下降的形状。',
  'Epochs after a drop that are not counted.': '下降之后不计数的轮数。',
  'Factor at the end, kept from then on.': '结束时的系数，此后保持不变。',
  'The smallest learning rate.': '最小学习率。',
  'Factor of the learning rate at each drop.': '每次下降时学习率的系数。',
  'Factor of the learning rate at each epoch.': '每轮学习率的系数。',
  'Epochs (or steps) at which it drops, ascending.': '下降所在的轮（或步），升序。',
  'Epochs without a better test loss that are waited for.': '测试损失没有改善时等待的轮数。',
  'Share of the run in which it grows.': '学习率上升阶段占整个训练的份额。',
  'Epochs (or steps) from one drop to the next.': '两次下降之间的轮数（或步数）。',
  'Epochs (or steps) of the first fall.': '第一次下降的轮数（或步数）。',
  'Epochs (or steps) until the smallest; empty: the run.': '降到最小所需的轮数（或步数）；留空：整个训练。',
  'Factor from the length of one fall to the next.': '下一次下降长度与上一次之比。',
  'Falls as long as it grew, and only then to the last.': '下降与上升同样长，然后再降到最终值。',
  'What counts as better.': '改善多少才算更好。',
  'Epochs (or steps) until the end is reached.': '达到终值所需的轮数（或步数）。',
  'Bounds gradients: all of them together by their norm, or each number by itself.':
    '限制梯度：按整体范数，或逐个数值。',
  'The greatest norm, or the greatest number.': '最大范数，或最大数值。',
  'Batches whose gradients are averaged for one update: a larger batch in the same memory.':
    '多少个批的梯度平均后更新一次：用同样的内存得到更大的批。',
  'Keeps a running average of the weights, and tests with it; 0: none. 0.999 is usual.':
    '保持权重的滑动平均并用它测试；0：不使用。常用 0.999。',
  'Ends the run when the test loss has not become better for so many epochs; 0: never.':
    '当测试损失这么多轮没有改善时结束训练；0：从不。',
  'By how much a test loss must be better to count.': '测试损失改善多少才算数。',
  'Kaiming normal': 'Kaiming 正态',
  'Kaiming uniform': 'Kaiming 均匀',
  Normal: '正态',
  Orthogonal: '正交',
  'Truncated normal': '截断正态',
  'Xavier normal': 'Xavier 正态',
  'Xavier uniform': 'Xavier 均匀',
  'Keeps the size of signals through layers with ReLU: a normal distribution that fits the number of inputs.':
    '使信号经过带 ReLU 的层后大小不变：与输入个数相配的正态分布。',
  'Keeps the size of signals through layers with ReLU: a uniform distribution that fits the number of inputs.':
    '使信号经过带 ReLU 的层后大小不变：与输入个数相配的均匀分布。',
  'A normal distribution around 0, of a spread of one’s own.': '以 0 为中心、自选标准差的正态分布。',
  'A normal distribution cut off at two standard deviations: as transformers are started.':
    '在两个标准差处截断的正态分布：Transformer 常用。',
  'Keeps the size of signals and of gradients, as far as both is possible: for tanh, sigmoid and attention.':
    '尽可能同时保持信号和梯度的大小：用于 tanh、sigmoid 和注意力。',
  'One number everywhere: 0 for the last layer of a residual branch, so that it starts as nothing.':
    '处处为同一个数：残差分支的最后一层用 0，使其开始时不起作用。',
  'Rows (or columns, whichever are fewer) at right angles and of one length: for deep and recurrent nets.':
    '行（或列，取较少者）相互正交且等长：用于深层和循环网络。',
  'Standard deviation before the cut.': '截断前的标准差。',
  'Standard deviation.': '标准差。',
  'The first value of each weight.': '每个权重的初始值。',
  'Factor of all values: √2 before a ReLU, 5/3 before a tanh.': '所有值的系数：ReLU 之前为 √2，tanh 之前为 5/3。',
  'The activation that follows.': '后面的激活函数。',
  'Whether signals keep their size forward (fan_in) or gradients backward (fan_out).':
    '保持前向信号的大小（fan_in）还是反向梯度的大小（fan_out）。',
};
