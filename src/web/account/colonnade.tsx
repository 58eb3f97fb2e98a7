const COLUMNS = 6;
const STEP = 120;
const HEIGHT = 300;

/** A covered walk in late light: columns, their shadows on the floor, one person on the way. Decoration only. */
export function Colonnade() {
  const columns = Array.from({ length: COLUMNS }, (_, index) => 40 + index * STEP);
  return (
    <svg
      class="colonnade"
      viewBox={`0 0 ${COLUMNS * STEP} 400`}
      preserveAspectRatio="xMidYMid slice"
      aria-hidden="true"
    >
      <path class="sky" d={`M0 0H${COLUMNS * STEP}V400H0z`} />
      <circle class="sun" cx="565" cy="196" r="66" />
      <path class="far" d="M0 268c90-34 168-22 250-6s170-30 250-22 150 20 220 4v56H0z" />
      <path class="floor" d={`M0 ${HEIGHT}H${COLUMNS * STEP}V400H0z`} />
      {columns.map((x) => (
        <path key={`shadow ${x}`} class="shade" d={`M${x} ${HEIGHT}h34l-96 100h-52z`} />
      ))}
      <g class="walker">
        <circle cx="352" cy="214" r="9" />
        <path d="M343 228c4-5 15-5 19 0l6 38-8 2 3 32h-7l-4-26-6 26h-7l3-34-7-2z" />
        <path class="shade" d="M346 300h14l-70 73h-20z" />
      </g>
      {columns.map((x) => (
        <g key={`column ${x}`} class="column">
          <path d={`M${x} 84h34v${HEIGHT - 84}h-34z`} />
          <path class="lit" d={`M${x + 22} 84h12v${HEIGHT - 84}h-12z`} />
          <path d={`M${x - 9} 70h52v14h-52zM${x - 7} ${HEIGHT - 10}h48v12h-48z`} />
        </g>
      ))}
      <path class="beam" d={`M0 0H${COLUMNS * STEP}V70H0z`} />
      <path class="beam-edge" d={`M0 54H${COLUMNS * STEP}v4H0z`} />
    </svg>
  );
}
