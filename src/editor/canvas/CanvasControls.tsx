import { ControlButton, Controls, useStore } from '@xyflow/react';
import type { Command } from '../commands/command.ts';
import { commandOf } from '../commands/commands.ts';
import { useCommand } from '../commands/useCommand.ts';

/** Buttons for the zoom, in a corner of the canvas. */
function CanvasControls() {
  const least = useStore(({ transform, minZoom }) => transform[2] <= minZoom);
  const most = useStore(({ transform, maxZoom }) => transform[2] >= maxZoom);
  return (
    <Controls orientation="horizontal" showInteractive={false} showZoom={false} showFitView={false}>
      <Control command={commandOf('zoom-in')} disabled={most} />
      <Control command={commandOf('zoom-out')} disabled={least} />
      <Control command={commandOf('fit')} disabled={false} />
    </Controls>
  );
}

function Control({ command, disabled }: { readonly command: Command; readonly disabled: boolean }) {
  const { label, title } = useCommand(command);
  const Icon = command.icon;
  return (
    <ControlButton aria-label={label} title={title} disabled={disabled} onClick={command.run}>
      <Icon aria-hidden style={{ fill: 'none' }} />
    </ControlButton>
  );
}

export default CanvasControls;
