import { useEffect, useRef } from 'react';
import type { Split } from '../../engine/data/dataset.ts';
import { type ImageShape, imagePixels } from './samples.ts';

/** A sample as a picture, one canvas pixel a value; CSS scales it. */
export function SampleImage(props: {
  readonly values: Split['inputs'];
  readonly shape: ImageShape;
  readonly label: string;
  readonly className?: string;
}) {
  const { values, shape, label, className = '' } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    context?.putImageData(new ImageData(imagePixels(values, shape), shape.width, shape.height), 0, 0);
  }, [values, shape]);
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={label}
      width={shape.width}
      height={shape.height}
      className={`block rounded-sm [image-rendering:pixelated] ${className}`}
    />
  );
}
