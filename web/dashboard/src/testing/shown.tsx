import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

/** Something on a page of a test (`@vitest-environment jsdom`). */
export interface OnPage {
  readonly page: HTMLElement;
  readonly queries: QueryClient;
  /** Shows something else in the same place. */
  readonly show: (node: ReactNode) => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** Shows something, with queries of its own that are asked once. */
export async function shown(
  node: ReactNode,
  queries = new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: 'always' } } }),
): Promise<OnPage> {
  const page = document.body.appendChild(document.createElement('div'));
  const root = createRoot(page);
  const show = (one: ReactNode) =>
    act(async () => root.render(<QueryClientProvider client={queries}>{one}</QueryClientProvider>));
  await show(node);
  return {
    page,
    queries,
    show,
    remove: async () => {
      await act(async () => root.unmount());
      page.remove();
    },
  };
}

/** Does something and lets the page follow. */
export async function doing(what: () => unknown): Promise<void> {
  await act(async () => {
    await what();
    // Queries tell of their news in the next turn, and what they told may lead to more.
    for (let turn = 0; turn < 3; turn++) await new Promise(resolve => setTimeout(resolve, 0));
  });
}

/** Types into a field as a person does, so that React hears of it. */
export async function typing(field: HTMLInputElement, text: string): Promise<void> {
  await doing(() => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, text);
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
}
