import { useEffect } from 'react';
import { Toaster } from 'sonner';
import { useStore } from 'zustand';
import { sessionStore } from '../stores/session.ts';
import { noticesReady } from '../ui/notify.ts';

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
    />
  );
}

export default Notices;
