using System.Globalization;
using System.Text;

namespace StashAI.Storage.Sqlite.Database;

/// <summary>
/// Recognizes file systems on which SQLite can lose data. Its write-ahead log needs reliable locks and memory that all processes share;
/// network and user-space file systems guarantee neither.
/// </summary>
internal static class SqliteFileSystem
{
    private const string MountInfo = "/proc/self/mountinfo";

    private static readonly HashSet<string> Unsuitable = new(StringComparer.Ordinal)
    {
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "virtiofs", "afs", "ceph", "coda", "ncpfs", "lustre", "beegfs", "ocfs2", "gfs2",
        "vboxsf", "prl_fs",
    };

    /// <summary>
    /// Why a database file cannot be kept there and how to fix it, in one sentence; null when it can, or when it is unknown.
    /// </summary>
    public static string? Refusal(string path)
    {
        if (!OperatingSystem.IsLinux() || !File.Exists(MountInfo)) return null;
        return FindUnsuitable(File.ReadAllText(MountInfo), RealPath(Path.GetFullPath(path))) is { } type
            ? $"{path} is on a file system of type {type}, where SQLite can lose data: "
                + "keep the queue on a local disk (--data or QUEUE_DB_PATH), or in PostgreSQL (DATABASE_URL)."
            : null;
    }

    /// <summary>The type of the file system of a path without links, if it is unsuitable; otherwise null.</summary>
    /// <param name="mountInfo">The text of /proc/self/mountinfo (man 5 proc).</param>
    /// <param name="path">An absolute path.</param>
    public static string? FindUnsuitable(string mountInfo, string path)
    {
        var (length, type) = (-1, "");
        foreach (var line in mountInfo.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // "36 35 98:0 /root /mount/point options optional... - type source options"; later mounts cover earlier ones.
            var fields = line.Split(' ');
            var dash = Array.IndexOf(fields, "-");
            if (dash < 6 || dash + 1 >= fields.Length) continue;
            var mount = Unescape(fields[4]);
            if (mount.Length >= length && Contains(mount, path)) (length, type) = (mount.Length, fields[dash + 1]);
        }

        return Unsuitable.Contains(type) || type.StartsWith("fuse", StringComparison.Ordinal) ? type : null;
    }

    private static bool Contains(string mount, string path) =>
        mount == "/" || path.Equals(mount, StringComparison.Ordinal) || path.StartsWith(mount + "/", StringComparison.Ordinal);

    /// <summary>Decodes white space, which is written as a backslash and three octal digits.</summary>
    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal)) return text;
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length)
            {
                bytes.Add((byte)(((text[i + 1] - '0') * 64) + ((text[i + 2] - '0') * 8) + (text[i + 3] - '0')));
                i += 3;
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(text[i].ToString(CultureInfo.InvariantCulture)));
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static string RealPath(string path)
    {
        var real = "/";
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, part);
            FileSystemInfo info = Directory.Exists(real) ? new DirectoryInfo(real) : new FileInfo(real);
            if (info.LinkTarget is not null && info.ResolveLinkTarget(returnFinalTarget: true) is { } target) real = target.FullName;
        }

        return real;
    }
}
