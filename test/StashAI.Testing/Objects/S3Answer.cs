using System.Text;
using Microsoft.AspNetCore.Http;

namespace StashAI.Testing.Objects;

/// <summary>An answer of a bucket.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">Its bytes.</param>
/// <param name="Headers">Further headers.</param>
internal sealed record S3Answer(int Status, ReadOnlyMemory<byte> Body, params (string Name, string Value)[] Headers)
{
    /// <summary>How many bytes the answer says it has, when it has none (HEAD).</summary>
    public long? Length { get; init; }

    public static S3Answer Error(int status, string code) =>
        Xml(status, $"<Error><Code>{code}</Code><Message>scripted, with {ScriptedS3.KeyId}</Message></Error>");

    public static S3Answer Xml(int status, string xml) =>
        new(status, Encoding.UTF8.GetBytes($"""<?xml version="1.0" encoding="UTF-8"?>{xml}"""), ("Content-Type", "application/xml"));

    public async Task WriteAsync(HttpContext context, S3Fault fault = S3Fault.None)
    {
        context.Response.StatusCode = Status;
        foreach (var (name, value) in Headers) context.Response.Headers[name] = value;
        if (Status == StatusCodes.Status204NoContent) return;
        if (fault != S3Fault.NoLength) context.Response.ContentLength = Length ?? Body.Length;
        if (HttpMethods.IsHead(context.Request.Method)) return;
        // An answer that has less than its length is sent, and its connection closed. An abort would take back what was not sent yet.
        await context.Response.Body.WriteAsync(fault == S3Fault.CutAnswer ? Body[..(Body.Length / 2)] : Body);
    }
}
