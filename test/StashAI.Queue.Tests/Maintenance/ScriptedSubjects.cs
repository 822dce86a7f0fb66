using StashAI.Queue.Services;
using StashAI.Sdk;

namespace StashAI.Queue.Tests.Maintenance;

/// <summary>A gallery that knows people until they are deleted, and that may be unreachable.</summary>
internal sealed class ScriptedSubjects(params ErasedSubject[] people) : ISubjectSource
{
    private readonly Dictionary<string, ErasedSubject> known = people.ToDictionary(person => person.Ids[0]);

    public bool IsDown { get; set; }

    /// <summary>Runs when a person has been deleted, before the answer.</summary>
    public Func<Task>? Deleted { get; set; }

    public bool Knows(string id) => known.ContainsKey(id);

    public Task<ErasedSubject> DescribeAsync(string id, CancellationToken cancellationToken)
    {
        Answer();
        return Task.FromResult(known.GetValueOrDefault(id, new ErasedSubject([id], [])));
    }

    public async Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        Answer();
        if (known.Remove(id) && Deleted is { } deleted) await deleted();
    }

    private void Answer()
    {
        if (IsDown) throw new HttpRequestException("The face service is not running.");
    }
}
