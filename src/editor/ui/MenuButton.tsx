import type { LucideIcon } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useState } from 'react';

/** A line of a menu. */
export type MenuEntry =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'line' }
  | {
      readonly kind: 'action';
      readonly label: string;
      readonly icon?: LucideIcon;
      readonly disabled?: boolean;
      /** The colour of the icon, where that says something. */
      readonly tint?: string;
      /** Its key, in tinykeys' notation. */
      readonly keys?: string;
      /** For what is on or off. */
      readonly checked?: boolean;
      readonly onSelect: () => void;
    }
  | {
      readonly kind: 'submenu';
      readonly label: string;
      readonly icon: LucideIcon;
      readonly entries: readonly MenuEntry[];
    }
  /** One of several, of which one is checked. */
  | {
      readonly kind: 'choices';
      readonly value: string;
      readonly options: readonly {
        readonly value: string;
        readonly label: string;
        readonly description?: string;
        readonly disabled?: boolean;
      }[];
      readonly onChoose: (value: string) => void;
    };

export interface MenuButtonProps {
  readonly label: string;
  readonly title?: string;
  readonly className: string;
  readonly disabled?: boolean | undefined;
  readonly align?: 'start' | 'end';
  readonly entries: readonly MenuEntry[];
  /** What the button shows. */
  readonly children: ReactNode;
}

const OpenMenu = lazy(() => import('./OpenMenu.tsx'));

/** A button with a menu. The menu's code is fetched when one is first opened. */
export function MenuButton(props: MenuButtonProps) {
  const [wanted, setWanted] = useState(false);
  const button = (
    <button
      type="button"
      aria-haspopup="menu"
      aria-label={props.label}
      title={props.title}
      disabled={props.disabled}
      className={props.className}
      onClick={() => setWanted(true)}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowDown') return;
        event.preventDefault();
        setWanted(true);
      }}
    >
      {props.children}
    </button>
  );
  if (!wanted) return button;
  return (
    <Suspense fallback={button}>
      <OpenMenu {...props} />
    </Suspense>
  );
}
