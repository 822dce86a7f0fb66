// @vitest-environment jsdom
import { expect, test, vi } from 'vitest';
import { doing, shown } from '../testing/shown';
import { useAct } from './useAct';

/** Buttons that make a key of a name; each request is answered by hand. */
function Keys({ make }: { readonly make: (name: string) => Promise<string> }) {
  const act = useAct({ mutationFn: make });
  return ['a', 'b'].map(name => <button key={name} type="button" onClick={() => act.mutate(name)} />);
}

test('a double click does once what it says, and what comes after the answer does it again', async () => {
  const answers: (() => void)[] = [];
  const make = vi.fn((name: string) => new Promise<string>(resolve => answers.push(() => resolve(name))));
  const { page } = await shown(<Keys make={name => make(name)} />);
  const [a, b] = page.querySelectorAll('button');
  await doing(() => {
    a!.click();
    a!.click();
    b!.click();
  });
  expect(make.mock.calls).toEqual([['a'], ['b']]);
  await doing(() => {
    for (const answer of answers) answer();
  });
  await doing(() => a!.click());
  expect(make).toHaveBeenCalledTimes(3);
});

test('what was refused can be tried again', async () => {
  const make = vi.fn((_: string) => Promise.reject(new Error('taken')));
  const { page } = await shown(<Keys make={name => make(name)} />);
  const [a] = page.querySelectorAll('button');
  await doing(() => a!.click());
  await doing(() => a!.click());
  expect(make).toHaveBeenCalledTimes(2);
});

function Photos({ send }: { readonly send: (photo: File) => Promise<void> }) {
  const act = useAct({ mutationFn: send });
  return ['1', '2'].map(text => (
    <button key={text} type="button" onClick={() => act.mutate(new File([text], 'a.jpg'))} />
  ));
}

test('two files are two acts', async () => {
  const send = vi.fn((_: File) => new Promise<void>(() => undefined));
  const { page } = await shown(<Photos send={photo => send(photo)} />);
  const [first, second] = page.querySelectorAll('button');
  await doing(() => {
    first!.click();
    second!.click();
  });
  expect(send).toHaveBeenCalledTimes(2);
});
