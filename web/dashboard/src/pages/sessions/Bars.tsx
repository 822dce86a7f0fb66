const height = 20;

/** How often in each part of the time. The row that it stands in has the number. */
export function Bars({ parts, most }: { readonly parts: readonly number[]; readonly most: number }) {
  return (
    <svg
      className="sessions-bars"
      viewBox={`0 0 ${parts.length} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {parts.map((count, part) => {
        // The least bar can still be seen.
        const tall = count === 0 ? 0 : Math.max(2, (count / Math.max(1, most)) * height);
        // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place.
        return <rect key={part} x={part + 0.1} y={height - tall} width={0.8} height={tall} />;
      })}
    </svg>
  );
}
