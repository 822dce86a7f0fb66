using System.Reflection;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Tests.Live;

/// <summary>A real store whose reads fail while it is told to.</summary>
public class BreakableRead : DispatchProxy
{
    private IRead inner = null!;
    private volatile bool isBroken;

    public static (IRead Store, BreakableRead Switch) Over(IRead store)
    {
        var proxy = Create<IRead, BreakableRead>();
        var breakable = (BreakableRead)(object)proxy;
        breakable.inner = store;
        return (proxy, breakable);
    }

    public void Break() => isBroken = true;

    public void Repair() => isBroken = false;

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        isBroken ? throw new IOException("Broken by a test.") : targetMethod!.Invoke(inner, args);
}
