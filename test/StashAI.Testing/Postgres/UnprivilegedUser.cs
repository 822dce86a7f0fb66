using System.Globalization;

namespace StashAI.Testing.Postgres;

/// <summary>
/// Who runs PostgreSQL: it refuses to run as root, so a test process of root hands it to the user <c>postgres</c>, or <c>nobody</c>.
/// </summary>
internal sealed record UnprivilegedUser(int Uid, int Gid)
{
    /// <summary>Null if this process is not root and may run PostgreSQL itself.</summary>
    public static UnprivilegedUser? ForThisProcess()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return null;
        }

        var users = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length > 3).ToList();
        var user = users.Find(fields => fields[0] == "postgres")
            ?? users.Find(fields => fields[0] == "nobody")
            ?? throw new InvalidOperationException(
                "PostgreSQL does not run as root, and neither a user postgres nor a user nobody exists to run it.");
        return new UnprivilegedUser(
            int.Parse(user[2], CultureInfo.InvariantCulture), int.Parse(user[3], CultureInfo.InvariantCulture));
    }

    /// <summary>The words that go before a command so that this user runs it.</summary>
    public IReadOnlyList<string> Prefix =>
        ["setpriv", $"--reuid={Uid}", $"--regid={Gid}", "--clear-groups", "--"];
}
