import { Component, type ReactNode } from 'react';
import { messages } from '../i18n/language.ts';
import { TextButton } from '../ui/controls.tsx';

/** A panel that fails says so and can be tried again; the rest of the page goes on. */
export class PanelBoundary extends Component<
  { readonly children: ReactNode },
  { readonly problem: string | undefined }
> {
  override state = { problem: undefined as string | undefined };

  static getDerivedStateFromError(error: unknown): { problem: string } {
    return { problem: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    if (this.state.problem === undefined) return this.props.children;
    return (
      <div role="alert" className="flex flex-col items-start gap-3 p-4 text-xs leading-relaxed">
        <p>{messages().page.panelFailed(this.state.problem)}</p>
        <TextButton onClick={() => this.setState({ problem: undefined })}>{messages().page.tryAgain}</TextButton>
      </div>
    );
  }
}
