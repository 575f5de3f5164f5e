import { LayerError } from '../defineLayer.ts';

/** @throws LayerError if the channels do not split into that many groups. */
export function requireGroups(type: string, groups: number, inChannels: number, outChannels: number): void {
  if (inChannels % groups === 0 && outChannels % groups === 0) return;
  let fitting = Math.min(groups, inChannels, outChannels);
  while (inChannels % fitting !== 0 || outChannels % fitting !== 0) fitting--;
  throw new LayerError(
    `${type} can't split ${inChannels} input and ${outChannels} output channels into ${groups} groups.`,
    { parameter: 'groups', fixes: [{ kind: 'setParameter', parameter: 'groups', value: fitting }] },
  );
}

/** @throws LayerError if a number of channels is asked for and another comes in. */
export function requireInChannels(type: string, expected: number | null, channels: number): void {
  if (expected === null || expected === channels) return;
  throw new LayerError(`${type} expects ${expected} channels and receives ${channels}.`, {
    parameter: 'inChannels',
    fixes: [{ kind: 'setParameter', parameter: 'inChannels', value: channels }],
  });
}
