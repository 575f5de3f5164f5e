import type { Shape } from '../../engine/ir/types.ts';

/** `32×26×26`; a single number for a vector. */
export function shapeText(shape: Shape | undefined): string {
  if (!shape) return '?';
  return shape.length === 0 ? 'scalar' : shape.join('×');
}

/**
 * 1234567 → `1,234,567`, as English and Chinese write it. What the browser has for this takes 20 ms for its first number,
 * and the first picture has some.
 */
export function wholeNumber(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** 1234567 → `1.23M`, with at most three digits. */
export function compactNumber(value: number): string {
  if (value < 1000) return String(value);
  const units = ['k', 'M', 'G', 'T'];
  let scaled = value;
  let unit = -1;
  while (scaled >= 999.5 && unit < units.length - 1) {
    scaled /= 1000;
    unit++;
  }
  return `${scaled >= 100 ? Math.round(scaled) : scaled.toPrecision(3).replace(/\.?0+$/, '')}${units[unit]}`;
}

/** What PyTorch abbreviates, in full. */
const FULL_NAMES: Readonly<Record<string, string>> = {
  lr: 'Learning rate',
  eps: 'Epsilon',
  amsgrad: 'AMSGrad',
};

/** `outChannels` → `Out channels`. */
export function parameterLabel(name: string): string {
  const full = FULL_NAMES[name];
  if (full !== undefined) return full;
  const words = name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A duration with three digits: `0.042 ms`, `7.25 ms`, `1.3 s`. */
export function milliseconds(value: number): string {
  if (value >= 999.5) return `${(value / 1000).toPrecision(3)} s`;
  return `${value < 1 ? value.toFixed(3) : value.toPrecision(3)} ms`;
}

/** `1234567` → `1.23 MB`. */
export function byteSize(value: number): string {
  const text = compactNumber(Math.round(value));
  const unit = /[kMGT]$/.exec(text)?.[0];
  return unit ? `${text.slice(0, -1)} ${unit}B` : `${text} B`;
}
