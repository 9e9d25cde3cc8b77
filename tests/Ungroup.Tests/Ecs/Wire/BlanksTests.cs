using Ungroup.Ecs.Wire;

namespace Ungroup.Tests.Ecs.Wire;

public sealed class BlanksTests
{
    [Fact]
    public void A_returned_blank_is_empty_and_is_the_next_one_taken()
    {
        var blanks = new Blanks(TimeProvider.System);
        var blank = blanks.Take();
        blank.Message.Headers.TryAddWithoutValidation("x-acs-signature-nonce", "n");
        var first = blank.Within(TimeSpan.FromMinutes(1));

        blanks.Return(blank);

        var again = blanks.Take();
        Assert.Same(blank, again);
        Assert.Empty(again.Message.Headers);
        Assert.Same(first, again.Within(TimeSpan.FromMinutes(1)));
        Assert.False(first.IsCancellationRequested);
    }

    [Fact]
    public void A_time_out_that_has_passed_does_not_end_the_next_call()
    {
        var blanks = new Blanks(TimeProvider.System);
        var blank = blanks.Take();
        blank.Within(TimeSpan.FromMinutes(1)).Cancel();

        blanks.Return(blank);

        Assert.False(blanks.Take().Within(TimeSpan.FromMinutes(1)).IsCancellationRequested);
    }
}
