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
        <p className="views-label">{leftTitle}</p>
        {left}
      </div>
      <div>
        <p className="views-label">{rightTitle}</p>
        {right}
      </div>
    </div>
  );
}
