using System.Text;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Ungroup.Display;

namespace Ungroup.Tests.Display;

public sealed class DisplayTextTests
{
    [Theory]
    [InlineData("plain text, with punctuation!", "plain text, with punctuation!")]
    [InlineData("隔离 café 🧯", "隔离 café 🧯")]
    [InlineData("\u001b[2Jcleared", "\\u{1b}[2Jcleared")]
    [InlineData("a\nThe ledger says: Removed", "a\\u{a}The ledger says: Removed")]
    [InlineData("a\r\nb\tc", "a\\u{d}\\u{a}b\\u{9}c")]
    [InlineData("\u009b31m", "\\u{9b}31m")]
    [InlineData("\u202eevil\u2066", "\\u{202e}evil\\u{2066}")]
    [InlineData("a\u2028b\u2029c", "a\\u{2028}b\\u{2029}c")]
    [InlineData("\U000e0041", "\\u{e0041}")]
    public void What_moves_a_cursor_or_hides_is_written_out(string text, string shown) => Assert.Equal(shown, DisplayText.Of(text));

    [Fact]
    public void Whatever_comes_is_shown_on_one_line_of_plain_characters_and_no_longer_than_asked() => Gen.Select(Gen.String[0, 400], Gen.Int[1, 300]).Sample((text, longest) =>
    {
        var shown = DisplayText.Of(text, longest);

        Assert.True(shown.Length <= longest + 1);
        Assert.All(shown.EnumerateRunes(), rune => Assert.True(DisplayText.IsPlain(rune)));
        Assert.Equal(DisplayText.IsClean(text, longest), shown == text);
    });

    [Fact]
    public void JSON_that_is_printed_means_what_it_meant() => Gen.String[0, 100].Sample(text =>
    {
        var json = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(text, Relaxed);

        var escaped = DisplayJson.Escape(json);

        Assert.All(Encoding.UTF8.GetString(escaped).EnumerateRunes(), rune => Assert.True(DisplayText.IsPlain(rune)));
        Assert.Equal(System.Text.Json.JsonSerializer.Deserialize<string>(json), System.Text.Json.JsonSerializer.Deserialize<string>(escaped));
    });

    [Fact]
    public void A_sentence_around_values_is_cleaned_value_by_value() =>
        Assert.Equal("a\\u{a}b is 3", DisplayText.Line($"{"a\nb"} is {3}"));

    [Fact]
    public void A_log_gets_clean_sentences_and_clean_values_and_is_told_the_same_otherwise()
    {
        using var seen = new SeenLog();
        using var services = new ServiceCollection().AddLogging(logging => logging.AddProvider(seen)).AddUngroup(Configuration()).BuildServiceProvider();
        var logger = services.GetRequiredService<ILogger<DisplayTextTests>>();

#pragma warning disable CA1848, CA1873, CA2254 // As somebody else's library may log.
        logger.LogInformation("{MessageId} is done in {Seconds:0.0} s", "m-1\u001b[2J\nforged", 1.25);
        logger.LogInformation("{MessageId} is long", new string('x', 200_000));
        logger.LogInformation("plain " + "\u202etext");
        logger.LogError(new InvalidOperationException("bad\u0007 thing"), "It failed");
        logger.LogInformation("{MessageId} is fine", "m-2");
#pragma warning restore CA1848, CA1873, CA2254

        Assert.Equal("m-1\\u{1b}[2J\\u{a}forged is done in 1.3 s", seen.Sentences[0]);
        Assert.Equal("m-1\\u{1b}[2J\\u{a}forged", seen.Values[0]["MessageId"]);
        Assert.Equal(1.25, seen.Values[0]["Seconds"]);
        Assert.InRange(seen.Sentences[1].Length, 200, 400);
        Assert.Equal("plain \\u{202e}text", seen.Sentences[2]);
        Assert.DoesNotContain('\u0007', seen.Exceptions[3]!.ToString());
        Assert.Contains("bad\\u{7} thing", seen.Exceptions[3]!.Message, StringComparison.Ordinal);
        Assert.Equal("m-2 is fine", seen.Sentences[4]);
    }

    private static readonly System.Text.Json.JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static Microsoft.Extensions.Configuration.IConfiguration Configuration() => new Microsoft.Extensions.Configuration.ConfigurationBuilder().Build();

    private sealed class SeenLog : ILoggerProvider, ILogger
    {
        public List<string> Sentences { get; } = [];

        public List<Dictionary<string, object?>> Values { get; } = [];

        public List<Exception?> Exceptions { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Sentences.Add(formatter(state, exception));
            Values.Add((state as IEnumerable<KeyValuePair<string, object?>> ?? []).ToDictionary(value => value.Key, value => value.Value));
            Exceptions.Add(exception);
        }

        public void Dispose()
        {
        }
    }
}
