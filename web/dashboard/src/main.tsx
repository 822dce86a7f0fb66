import './styles/index.css';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/queries';
import { startRouter } from './app/router';
import { startKeys } from './keys/useKeys';
import { startCutTexts } from './parts/cutTexts';
import { ToastHost } from './parts/ToastHost';
import { startLanguage } from './texts/language';

startLanguage();
startKeys();
startCutTexts();
const router = startRouter();
createRoot(document.getElementById('app')!).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <ToastHost />
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
);
