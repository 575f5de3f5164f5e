import { defineSchedule } from './defineSchedule.ts';

const parameters = {} as const;

declare module './defineSchedule.ts' {
  interface ScheduleCatalog {
    Constant: typeof parameters;
  }
}

export default defineSchedule({
  type: 'Constant',
  title: 'Constant',
  help: {
    summary: 'The learning rate stays what the optimizer says.',
    reference: 'https://docs.pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate',
  },
  parameters,
  rateAt: ({ base }) => base,
  emit: { pytorch: () => undefined, keras: () => undefined },
});
