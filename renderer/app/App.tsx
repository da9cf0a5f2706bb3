import { EventsProvider } from '../hub/EventsProvider.tsx';
import { SessionGate } from '../hub/session.tsx';
import { TilesProvider } from '../hub/TilesProvider.tsx';
import { SignInPage } from '../signin/SignInPage.tsx';
import { ErrorState, Loading } from '../ui/states.tsx';
import { Frame } from './Frame.tsx';

/** The whole console: the sign-in page, or the frame with a screen in it. */
export function App() {
  return (
    <SessionGate
      loading={<Loading />}
      failed={(error, retry) => <ErrorState error={error} retry={retry} />}
      signedOut={(reason, onSignedIn) => <SignInPage reason={reason} onSignedIn={onSignedIn} />}
    >
      <EventsProvider>
        <TilesProvider>
          <Frame />
        </TilesProvider>
      </EventsProvider>
    </SessionGate>
  );
}
