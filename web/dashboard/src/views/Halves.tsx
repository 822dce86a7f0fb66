import type { ReactNode, RefObject } from 'react';

interface HalvesProps {
  readonly place: RefObject<HTMLDivElement | null>;
  readonly leftTitle: string;
  readonly left: ReactNode;
  readonly rightTitle: string;
  readonly right: ReactNode;
}

/** What went in and what came out, side by side where there is room. */
export function Halves({ place, leftTitle, left, rightTitle, right }: HalvesProps) {
  return (
    <div className="views-halves" ref={place}>
      <div>
        <h3>{leftTitle}</h3>
        {left}
      </div>
      <div>
        <h3>{rightTitle}</h3>
        {right}
      </div>
    </div>
  );
}
