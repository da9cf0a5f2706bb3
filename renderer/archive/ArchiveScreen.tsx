import { Loading } from '../ui/states.tsx';

export default function Screen() {
  return <Loading />;
}
