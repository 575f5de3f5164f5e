import type { Phrases } from '../phrases.ts';

/** What formulas of layers say in words. */
export const phrases: Phrases = {
  'images [N, C, H, W]; points [N, features]; text [N, steps], int32':
    '图像 [N, C, H, W]；点 [N, features]；文本 [N, steps]，int32',
  '[N, C, H, W] → [N, C, H·scale, W·scale], likewise [N, C, L] and [N, C, D, H, W]':
    '[N, C, H, W] → [N, C, H·scale, W·scale]，[N, C, L] 与 [N, C, D, H, W] 同理',
  'ids or numbers [N, T] or [N, T, E] → [N, T], 0 where all are paddingValue, else 1':
    'id 或数 [N, T] 或 [N, T, E] → [N, T]，全为 paddingValue 处为 0，否则为 1',
  '{formula}; an axis of size 1 is repeated to fit': '{formula}；大小为 1 的轴会重复以匹配',
  '[N, T, E] → [N, T, E], x + sin(t / 10000^(2i/E)) at even places, cos at odd ones':
    '[N, T, E] → [N, T, E]，偶数位置 x + sin(t / 10000^(2i/E))，奇数位置用 cos',
  'mean, logVar [N, D] → sample [N, D], kl [N, 1]; the mean itself outside of training':
    'mean, logVar [N, D] → sample [N, D], kl [N, 1]；训练之外为均值本身',
  '[N, C, …] → [N, C, …], y = x / (k + alpha · mean of x² over size channels)^beta':
    '[N, C, …] → [N, C, …]，y = x / (k + alpha · size 个通道上 x² 的平均)^beta',
  '[N, …, 2·K] → [N, …, K], y = a · σ(b) of the halves a and b': '[N, …, 2·K] → [N, …, K]，y = a · σ(b)，a、b 为两半',
  '[N, steps, features] (, mask [N, steps]) → [N, hidden] (last) or [N, steps, hidden] (sequence); 2·hidden if bidirectional':
    '[N, steps, features]（, mask [N, steps]）→ [N, hidden]（last）或 [N, steps, hidden]（sequence）；双向时为 2·hidden',
  '[N, …] → [N, features], independent of what it receives': '[N, …] → [N, features]，与输入无关',
  '[N, …] → [N, …], y = x · Φ(x), Φ the normal distribution function':
    '[N, …] → [N, …]，y = x · Φ(x)，Φ 为正态分布函数',
  'distances [N, classes] or [N, 1] → scalar, mean of x where y = 1, of max(0, margin − x) where y = −1':
    '距离 [N, classes] 或 [N, 1] → 标量，平均：y = 1 处为 x，y = −1 处为 max(0, margin − x)',
  'output and target [N, …] → scalar, {formula}': '输出与目标 [N, …] → 标量，{formula}',
  'input [N, …] → scalar, mean of x, |x| or x²': '输入 [N, …] → 标量，x、|x| 或 x² 的平均',
  'log-probabilities and target [N, …] → scalar, mean target · (log target − input)':
    '对数概率与目标 [N, …] → 标量，平均 target · (log target − input)',
  'log-rates and counts [N, …] → scalar, mean exp(x) − target · x':
    '对数强度与计数 [N, …] → 标量，平均 exp(x) − target · x',
  'scores [N, …, classes], labels [N, …] → scalar, −mean log softmax(scores)[label]':
    '得分 [N, …, classes]，标签 [N, …] → 标量，−平均 log softmax(scores)[label]',
  'three inputs [N, features] → scalar, mean max(0, |anchor − positive| − |anchor − negative| + margin)':
    '三个输入 [N, features] → 标量，平均 max(0, |anchor − positive| − |anchor − negative| + margin)',
  'two inputs [N, features] → scalar, mean of 1 − cos where alike, of max(0, cos − margin) where unlike':
    '两个输入 [N, features] → 标量，平均：相像为 1 − cos，不相像为 max(0, cos − margin)',
  'mean of d²/(2·beta) where |d| < beta, else of |d| − beta/2':
    '平均：|d| < beta 时为 d²/(2·beta)，否则为 |d| − beta/2',
  'mean of d²/2 where |d| < delta, else of delta·(|d| − delta/2)':
    '平均：|d| < delta 时为 d²/2，否则为 delta·(|d| − delta/2)',
  'mean {formula}': '平均 {formula}',
  '−mean {formula}': '−平均 {formula}',
};
