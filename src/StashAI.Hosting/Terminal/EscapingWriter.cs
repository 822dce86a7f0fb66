using System.Text;

namespace StashAI.Hosting.Terminal;

/// <summary>
/// A writer for terminals that escapes all control characters except tabs and line breaks; see <see cref="EscapedText"/>.
/// </summary>
public sealed class EscapingWriter : TextWriter
{
    private readonly TextWriter inner;

    private EscapingWriter(TextWriter inner)
    {
        this.inner = inner;
        CoreNewLine = ['\n'];
    }

    /// <summary>Wraps a writer; does not dispose it.</summary>
    public static TextWriter Over(TextWriter inner) => new EscapingWriter(inner);

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Write([value]);

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(ReadOnlySpan<char> buffer) => EscapedText.WriteLines(inner, buffer);

    public override void WriteLine(string? value)
    {
        Write(value.AsSpan());
        inner.WriteLine();
    }

    public override void WriteLine() => inner.WriteLine();

    public override Task WriteAsync(char value)
    {
        Write(value);
        return Task.CompletedTask;
    }

    public override Task WriteAsync(string? value)
    {
        Write(value);
        return Task.CompletedTask;
    }

    public override Task WriteLineAsync(string? value)
    {
        WriteLine(value);
        return Task.CompletedTask;
    }

    public override Task WriteLineAsync()
    {
        WriteLine();
        return Task.CompletedTask;
    }

    public override void Flush() => inner.Flush();

    public override Task FlushAsync() => inner.FlushAsync();
}
