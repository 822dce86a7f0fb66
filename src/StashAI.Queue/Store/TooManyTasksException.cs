using StashAI.Queue.Model.Tasks;

namespace StashAI.Queue.Store;

/// <summary>A job has too many tasks; the client must submit several jobs.</summary>
public sealed class TooManyTasksException()
    : Exception($"A job can have at most {TaskKey.MaxTasksPerJob} tasks: submit the rest as further jobs.")
{
    /// <summary>Throws when a job has that many tasks already.</summary>
    public static void ThrowIfFull(int tasks)
    {
        if (tasks >= TaskKey.MaxTasksPerJob) throw new TooManyTasksException();
    }
}
