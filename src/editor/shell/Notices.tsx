import { useEffect } from 'react';
import { Toaster } from 'sonner';
import { useStore } from 'zustand';
import { sessionStore } from '../stores/session.ts';
import { noticesReady } from '../ui/notify.ts';

/** A notice looks like the page's other surfaces. */
const NOTICE = {
  fontSize: 13,
  background: 'var(--surface)',
  color: 'var(--ink)',
  borderColor: 'var(--line)',
  boxShadow: '0 8px 24px rgb(0 0 0 / 18%)',
} as const;

/** Where notices appear. */
function Notices() {
  const theme = useStore(sessionStore, (state) => state.theme);
  useEffect(noticesReady, []);
  return (
    <Toaster
      theme={theme}
      position="bottom-right"
      closeButton
      // Over dialogs, whose errors they tell; under menus (ui/MenuPanel.tsx).
      style={{ zIndex: 60 }}
      toastOptions={{ style: NOTICE }}
    />
  );
}

export default Notices;
