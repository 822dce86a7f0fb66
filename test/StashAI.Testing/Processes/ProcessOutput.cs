namespace StashAI.Testing.Processes;

/// <summary>The lines that a process writes, kept, with a signal for each.</summary>
internal sealed class ProcessOutput
{
    private readonly Lock theLock = new();
    private readonly List<string> lines = [];
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool ended;

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (theLock)
            {
                return [.. lines];
            }
        }
    }

    /// <summary>Reads to the end of the stream.</summary>
    public async Task ReadAsync(StreamReader reader)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                Change(() => lines.Add(line));
            }
        }
        finally
        {
            Change(() => ended = true);
        }
    }

    /// <summary>
    /// The first line, also of those already written, that satisfies the condition; null once the output has ended without one.
    /// </summary>
    public async Task<string?> FindAsync(Func<string, bool> condition, CancellationToken cancellationToken)
    {
        for (var next = 0; ;)
        {
            Task changed;
            lock (theLock)
            {
                for (; next < lines.Count; next++)
                {
                    if (condition(lines[next]))
                    {
                        return lines[next];
                    }
                }

                if (ended)
                {
                    return null;
                }

                changed = this.changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (theLock)
        {
            change();
            changed = this.changed;
            this.changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }
}
