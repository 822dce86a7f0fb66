namespace StashAI.Testing.Processes;

/// <summary>The lines that a process writes, kept, with a signal for each.</summary>
internal sealed class ProcessOutput
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _ended;

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
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
                Change(() => _lines.Add(line));
            }
        }
        finally
        {
            Change(() => _ended = true);
        }
    }

    /// <summary>The first line, also of those already written, that satisfies the condition; null once the output has ended without one.</summary>
    public async Task<string?> FindAsync(Func<string, bool> condition, CancellationToken cancellationToken)
    {
        for (var next = 0; ;)
        {
            Task changed;
            lock (_lock)
            {
                for (; next < _lines.Count; next++)
                {
                    if (condition(_lines[next]))
                    {
                        return _lines[next];
                    }
                }

                if (_ended)
                {
                    return null;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            change();
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }
}
