import type { EndReason } from '../hub/session.tsx';
import { Loading } from '../ui/states.tsx';

export interface SignInPageProps {
  reason: EndReason | null;
  onSignedIn: () => void;
}

export function SignInPage(_props: SignInPageProps) {
  return <Loading />;
}
