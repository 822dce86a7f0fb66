using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Tests.Access;
using StashAI.Gateway.Tests.Intake;

namespace StashAI.Gateway.Tests.Wire;

public sealed class LargeRefusalTests
{
    [Fact]
    public async Task A_client_in_the_middle_of_a_large_upload_still_gets_the_reason()
    {
        await using var app = await TestServers.StartAsync(a => a.MapPost("/", async (HttpContext context) =>
        {
            using var result = await ItemIntake.ReadJsonAsync(
                context.Request.BodyReader, Bodies.Photos, new RecordingSink(), new IntakeLimits(), context.RequestAborted);
        }));
        using var client = new HttpClient();
        using var content = new StreamContent(new Upload(24 << 20));
        using var response = await client.PostAsync(app.Address(), content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Contains(
            "images[0]", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    /// <summary>A body whose first item is wrong at once and that then goes on for long.</summary>
    private sealed class Upload(long length) : Stream
    {
        private static readonly byte[] Start = Encoding.ASCII.GetBytes("{\"images\":[\"!");

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position { get; set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var taken = (int)Math.Min(count, length - Position);
            var part = buffer.AsSpan(offset, taken);
            part.Fill((byte)'A');
            if (Position < Start.Length)
            {
                Start.AsSpan((int)Position, (int)Math.Min(taken, Start.Length - Position)).CopyTo(part);
            }

            Position += taken;
            return taken;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
