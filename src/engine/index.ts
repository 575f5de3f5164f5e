/** The engine's public API: what exported TypeScript imports as `gradloom`. */

export type { Backend, BackendName } from './backends/backend.ts';
export { availableDevices, createBackend, type DeviceChoice } from './backends/select.ts';
export type { Dataset, Split } from './data/dataset.ts';
export { type Eager, eager, type TensorOptions } from './eager/eager.ts';
export type { EagerLayer } from './eager/eagerLayer.ts';
export type { EagerModel, EagerPass } from './eager/eagerModel.ts';
export type { EagerOptimizer } from './eager/eagerOptimizer.ts';
export type { BackwardOptions, NestedNumbers, Tensor } from './eager/tensor.ts';
export { EngineError, type EngineErrorId } from './errors.ts';
export type { GraphDocument } from './graph/document.ts';
export { type ParsedDocument, parseDocument, serializeDocument } from './graph/schema.ts';
export { datasetFromIdx, type IdxSplit } from './model/datasetFromIdx.ts';
export { input, type LayerFunction, type LayerFunctions, type LayerOptions, layers } from './model/layers.ts';
export { type ModelOptions, model } from './model/model.ts';
export { SymbolicTensor } from './model/symbolic.ts';
export { timeDistributed } from './model/timeDistributed.ts';
export { type EpochRecord, type TrainedModel, type TrainOptions, train } from './model/train.ts';
export type { OptimizerOptions, ScheduleOptions, TrainingOptions } from './model/trainingSettings.ts';
export { createTrainingRun } from './training/createTrainingRun.ts';
export type { NamedWeight } from './training/initialWeights.ts';
export type { StepRecord } from './training/records.ts';
export type { TrainingRun } from './training/trainingRun.ts';
