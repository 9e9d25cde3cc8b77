using Amqp;
using Amqp.Framing;
using Ungroup.Cli.Amqp;

namespace Ungroup.EndToEnd.Tests.Replay;

public sealed class ReplayedMessageTests
{
    [Fact]
    public void A_copy_is_the_letter_without_what_tells_of_its_first_life()
    {
        var letter = new Message { Properties = new(), ApplicationProperties = new(), BodySection = new Data { Binary = [1, 2, 3] } };
        letter.Properties.SetMessageId(Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e"));
        letter.Properties.ContentType = "application/json";
        letter.Properties.AbsoluteExpiryTime = DateTime.UnixEpoch;
        foreach (var name in (string[])["DeadLetterReason", "DeadLetterErrorDescription", "ungroup-first-enqueued", "ungroup-message-id", "theirs"])
        {
            letter.ApplicationProperties[name] = name;
        }

        var copy = ReplayedMessage.Of(letter, "run-1");
        var sent = Message.Decode(copy.Encode());

        Assert.Equal(letter.Properties.GetMessageId(), sent.Properties.GetMessageId());
        Assert.Equal(("application/json", DateTime.MinValue), ($"{sent.Properties.ContentType}", sent.Properties.AbsoluteExpiryTime));
        Assert.Equal(["theirs", "ungroup-message-id", "ungroup-replay"], sent.ApplicationProperties.Map.Keys.Cast<string>().Order(StringComparer.Ordinal));
        Assert.Equal<byte>([1, 2, 3], sent.GetBody<byte[]>());
        Assert.True(ReplayedMessage.IsOf(sent, "run-1"));
        Assert.False(ReplayedMessage.IsOf(letter, "run-1"));
    }

    [Fact]
    public void A_letter_without_an_id_gets_the_one_that_it_is_read_by()
    {
        var letter = new Message { BodySection = new Data { Binary = [1] } };

        Assert.Equal(IncomingMessage.IdOf(letter), ReplayedMessage.Of(letter, "run-1").Properties.MessageId);
    }
}
