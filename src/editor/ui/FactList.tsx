/** Names and what they come to, the values in one column at the right. */
export function FactList({ rows }: { readonly rows: readonly (readonly [name: string, value: string])[] }) {
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1.5 text-xs">
      {rows.map(([name, value], i) => (
        <div key={`${name}${i}`} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd title={value} className="truncate text-right font-mono text-ink">
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}
