using System.Collections.Concurrent;
using StashAI.Sdk;
using static StashAI.Queue.Tests.Maintenance.JudgedNumbers;

namespace StashAI.Queue.Tests.Maintenance;

/// <summary>The new result is what was computed plus the version.</summary>
internal sealed class Judge : IResultRematch
{
    private readonly TaskCompletionSource firstAnswer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();

    public long Version { get; set; } = 1;

    public bool IsBusy { get; set; }

    /// <summary>The first call is answered when the one with this number is made.</summary>
    public int? AnswersFirstAt { get; set; }

    /// <summary>The call that fails, in a way that may pass.</summary>
    public int? FailsAt { get; set; }

    /// <summary>The call at which the process dies.</summary>
    public int? DiesAt { get; set; }

    public CancellationTokenSource Death { get; } = new();

    /// <summary>Runs before a call is answered.</summary>
    public Func<CancellationToken, Task>? OnCall { get; set; }

    public List<double?> Thresholds { get; } = [];

    /// <summary>The ordinals of the judged results, again for each time.</summary>
    public ConcurrentQueue<int> Judged { get; } = [];

    public async Task<RematchOutcome?> RematchAsync(RematchContext context, CancellationToken cancellationToken)
    {
        if (IsBusy) return null;
        int call;
        lock (gate)
        {
            Thresholds.Add(context.Threshold);
            call = Thresholds.Count;
        }

        if (OnCall is { } act) await act(cancellationToken);
        if (call == DiesAt)
        {
            await Death.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (call == FailsAt) throw new HttpRequestException("The service broke off.");
        if (call == AnswersFirstAt) firstAnswer.SetResult();
        if (AnswersFirstAt is not null && call == 1) await firstAnswer.Task.WaitAsync(cancellationToken);
        foreach (var item in context.Items) Judged.Enqueue(Read(item.Derived));
        return new RematchOutcome(
            Version,
            [.. context.Items.Select(item => new RematchedResult(Number(Read(item.Derived) + (int)Version), IsChanged: true))]);
    }
}
