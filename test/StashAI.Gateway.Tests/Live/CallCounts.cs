using System.Collections.Concurrent;
using System.Reflection;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Tests.Live;

/// <summary>A real store whose reads are counted by their names.</summary>
public class CallCounts : DispatchProxy
{
    private readonly ConcurrentDictionary<string, int> counts = new();
    private IRead inner = null!;

    public int Total => counts.Values.Sum();

    public static (IRead Store, CallCounts Counts) Over(IRead store)
    {
        var proxy = Create<IRead, CallCounts>();
        var counted = (CallCounts)(object)proxy;
        counted.inner = store;
        return (proxy, counted);
    }

    public int Of(string name) => counts.GetValueOrDefault(name);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        counts.AddOrUpdate(targetMethod!.Name, 1, (_, count) => count + 1);
        return targetMethod.Invoke(inner, args);
    }
}
