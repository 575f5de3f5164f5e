import { useEffect, useMemo, useState } from 'react';

/**
 * A colour token of the theme as a colour that a canvas understands, optionally with part of its opacity, or so much of
 * it over another one.
 */
export function themeColor(token: string, opacity = 1, over?: string): string {
  const probe = document.createElement('span');
  const color = `var(--${token})`;
  probe.style.color =
    opacity === 1
      ? color
      : `color-mix(in srgb, ${color} ${opacity * 100}%, ${over ? `var(--${over})` : 'transparent'})`;
  document.body.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return resolved;
}

/** A number that changes with the theme: canvases draw themselves anew when it does. */
export function useThemeVersion(): number {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const changed = (): void => setVersion((before) => before + 1);
    const observer = new MutationObserver(changed);
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['class', 'data-theme', 'style'] });
    const media = matchMedia('(prefers-color-scheme: dark)');
    media.addEventListener('change', changed);
    return () => {
      observer.disconnect();
      media.removeEventListener('change', changed);
    };
  }, []);
  return version;
}

/** `themeColor` for those who draw sixty times a second: a colour is looked up once, and again when the theme changes. */
export function useThemeColors(): typeof themeColor {
  const version = useThemeVersion();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for all colours
  return useMemo(() => {
    const known = new Map<string, string>();
    return (token, opacity = 1, over) => {
      const key = `${token} ${opacity} ${over}`;
      const color = known.get(key) ?? themeColor(token, opacity, over);
      known.set(key, color);
      return color;
    };
  }, [version]);
}

/** A colour token as `#rrggbb`, for those who understand nothing newer. */
export function themeHex(token: string): string {
  return `#${channelsOf(token)
    .map((channel) => channel.toString(16).padStart(2, '0'))
    .join('')}`;
}

/** Whether the page is dark at the moment, read off its background. */
export function isDark(): boolean {
  const [red, green, blue] = channelsOf('surface');
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 128;
}

// One painted pixel: the browser turns any notation of a colour into bytes.
function channelsOf(token: string): [number, number, number] {
  const canvas = document.createElement('canvas');
  canvas.width = 1;
  canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return [0, 0, 0];
  context.fillStyle = themeColor(token);
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}
