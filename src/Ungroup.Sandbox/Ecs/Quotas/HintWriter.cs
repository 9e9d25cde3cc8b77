using System.Diagnostics;
using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs.Quotas;

/// <summary>Says when to come back, in the form and with the mistakes that a quota is to be told with.</summary>
internal sealed class HintWriter(HintForm form)
{
    private static readonly HintForm[] EachWrong = [HintForm.Garbage, HintForm.Zero, HintForm.Negative, HintForm.TooLong, HintForm.TooShort];

    private int _told;

    /// <param name="wait">How long it really takes until there is quota again; null when there never is.</param>
    public Hint? Next(int calls, TimeSpan? wait, DateTimeOffset now)
    {
        var said = form == HintForm.Wrong ? EachWrong[_told++ % EachWrong.Length] : form;
        return said switch
        {
            HintForm.None => null,
            HintForm.Garbage => Hint.Unreadable("soon"),
            HintForm.Zero => Hint.RetryAfter(TimeSpan.Zero),
            HintForm.Negative => Hint.RetryAfter(-(wait ?? TimeSpan.FromSeconds(1))),
            _ when wait is null => null,
            HintForm.RetryAfter => Hint.RetryAfter(wait.Value),
            HintForm.RateLimit => Hint.RateLimit(calls, wait.Value, now + wait.Value),
            HintForm.TooLong => Hint.RetryAfter(TimeSpan.FromTicks(Math.Min(wait.Value.Ticks, long.MaxValue / 1000) * 1000)),
            HintForm.TooShort => Hint.RetryAfter(wait.Value / 1000),
            _ => throw new UnreachableException(),
        };
    }
}
