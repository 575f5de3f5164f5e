import { expect, it } from 'vitest';
import { metricsFile } from './metricsFile.ts';
import { MetricsLog } from './metricsLog.ts';

it('writes each of several losses after all else, under its name', () => {
  const log = new MetricsLog();
  log.append([{ step: 1, loss: 3, terms: { 'Real "loss"': 1, Fake: 2 }, accuracy: undefined }]);
  expect(metricsFile(log, [])).toBe('step,loss,accuracy,test_loss,test_accuracy,"Real ""loss""","Fake"\n1,3,,,,1,2\n');
});

it('writes one line a step, and leaves empty what there is not', () => {
  const log = new MetricsLog();
  log.append([
    { step: 1, loss: 2.5, accuracy: 0.25 },
    { step: 2, loss: 1.5, accuracy: undefined },
  ]);
  expect(metricsFile(log, [{ step: 2, epoch: 1, loss: 1, accuracy: 0.5 }])).toBe(
    'step,loss,accuracy,test_loss,test_accuracy\n1,2.5,0.25,,\n2,1.5,,1,0.5\n',
  );
});
