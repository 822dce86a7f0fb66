import { Component, type ReactNode } from 'react';

interface GuardedProps {
  /** Tried again when this changes, such as the data that is shown. */
  readonly of: unknown;
  /** What stands in the place of a part that throws an error; `again` tries it once more. */
  readonly fallback: (again: () => void) => ReactNode;
  readonly children: ReactNode;
}

/** Keeps an error of one part from taking the page with it. */
export class Guarded extends Component<GuardedProps, { readonly isBroken: boolean }> {
  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  override state = { isBroken: false };

  override componentDidUpdate(before: GuardedProps) {
    if (this.state.isBroken && before.of !== this.props.of) this.again();
  }

  override render() {
    return this.state.isBroken ? this.props.fallback(this.again) : this.props.children;
  }

  private readonly again = () => this.setState({ isBroken: false });
}
