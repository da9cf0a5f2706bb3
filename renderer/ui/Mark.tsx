interface MarkProps {
  size?: number;
}

/** The watchtower; decoration beside the product's name. */
export function Mark({ size = 28 }: MarkProps) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden style={{ flex: 'none' }}>
      <rect width="32" height="32" rx="7" fill="light-dark(#1f4e84, #1f2b39)" />
      <path d="M16 3.5v3" stroke="#f2b84b" strokeWidth="1.8" strokeLinecap="round" />
      <path d="M9.5 11 16 6.2 22.5 11Z" fill="#b9d4f2" />
      <path d="M11.6 11.8h8.8v4.2h-8.8z" stroke="#b9d4f2" strokeWidth="1.5" />
      <circle cx="16" cy="13.9" r="1.6" fill="#f2b84b" />
      <path d="M9.6 16.8h12.8v1.9H9.6z" fill="#b9d4f2" />
      <path d="m12.6 18.7-1.7 9.3h10.2l-1.7-9.3Z" fill="#b9d4f2" />
      <path d="M16 22.2v3.4" stroke="#1f2b39" strokeWidth="1.7" strokeLinecap="round" />
    </svg>
  );
}
