using StashAI.Adapters.Http.Secrets;
using StashAI.Sdk;

namespace StashAI.Gateway.Upstreams.Trials;

/// <summary>What happened in a trial call.</summary>
/// <param name="Exchanges">The requests sent and their answers, in order.</param>
/// <param name="Outcome">The outcome as a task would get it; null when the service did not answer in time.</param>
/// <param name="Time">How long the call took.</param>
/// <param name="Timeout">How long the service may take.</param>
/// <param name="Answer">The body of the last successful answer; null for none.</param>
/// <param name="Mask">Hides secrets in what is shown of the outcome.</param>
internal sealed record TrialReport(
    IReadOnlyList<TrialExchange> Exchanges, TaskOutcome? Outcome, TimeSpan Time, TimeSpan Timeout, byte[]? Answer, SecretMask Mask);
