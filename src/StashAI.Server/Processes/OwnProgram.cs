using System.Reflection;
using StashAI.Server.Exits;

namespace StashAI.Server.Processes;

/// <summary>How to start this program again: the executable, and the arguments before a command's own.</summary>
internal sealed record OwnProgram(string FileName, IReadOnlyList<string> LeadingArguments)
{
    /// <summary>The product's version, such as 0.1.0.</summary>
    public static string Version { get; } =
        typeof(OwnProgram).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>The running program, whether it was started as <c>stashai</c> or as <c>dotnet stashai.dll</c>.</summary>
    public static OwnProgram Current()
    {
        var executable = Environment.ProcessPath
            ?? throw new StartException("the path of this program is unknown, so it cannot start its child processes.");
        return IsDotnetHost(executable) ? new OwnProgram(executable, [EntryAssembly()]) : new OwnProgram(executable, []);
    }

    private static bool IsDotnetHost(string executable) =>
        string.Equals(Path.GetFileNameWithoutExtension(executable), "dotnet", StringComparison.OrdinalIgnoreCase);

    private static string EntryAssembly() =>
        Path.Combine(AppContext.BaseDirectory, Assembly.GetEntryAssembly()!.GetName().Name + ".dll");
}
