import { Component, type ReactNode } from 'react';
import { ErrorState } from '../ui/states.tsx';

interface ScreenBoundaryProps {
  /** Another screen starts fresh. */
  resetKey: string;
  children: ReactNode;
}

interface ScreenBoundaryState {
  error: Error | null;
  resetKey: string;
}

/** One broken screen must not take the frame, and with it "are we blind?", away. */
export class ScreenBoundary extends Component<ScreenBoundaryProps, ScreenBoundaryState> {
  override state: ScreenBoundaryState = { error: null, resetKey: this.props.resetKey };

  static getDerivedStateFromError(error: Error): Partial<ScreenBoundaryState> {
    return { error };
  }

  static getDerivedStateFromProps(
    props: ScreenBoundaryProps,
    state: ScreenBoundaryState,
  ): Partial<ScreenBoundaryState> | null {
    return props.resetKey === state.resetKey ? null : { error: null, resetKey: props.resetKey };
  }

  override render(): ReactNode {
    if (!this.state.error) return this.props.children;
    return <ErrorState error={this.state.error} retry={() => this.setState({ error: null })} />;
  }
}
