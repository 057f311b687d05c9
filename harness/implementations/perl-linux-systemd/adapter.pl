# The adapter of Linux::Systemd::Daemon. Its calls return nothing, and die of a failure.
use v5.36;
use JSON::PP;
use Linux::Systemd::Daemon qw(sd_notify sd_reloading);

# It takes pairs, makes capitals of the names, and sends several in an order that differs from run to run: the state is
# given as its one pair. Nothing where it is no such pair.
sub pair ($state) {
    return $state =~ /\A([^=\n]*)=([^\n]*)\n?\z/ && uc $1 eq $1 ? [$1, $2] : undef;
}

# What makes the call, or a text: why it cannot be made.
sub call ($step) {
    return 'it has no barrier' if $step->{call} eq 'barrier';
    return 'it does not unset the variable' if $step->{unset_environment};
    return sub { sd_reloading() } if $step->{call} eq 'reloading';
    return 'it takes no fds' if $step->{fds};
    return 'it sends in no other name' if exists $step->{pid};
    return 'its text holds characters, not any bytes' if !defined $step->{state};
    my $pair = pair($step->{state}) // return 'it takes pairs of a name in capitals and a value, in no order';
    return sub { sd_notify(@$pair) };
}

sub send_all ($request) {
    my @calls = map { call($_) } $request->{steps}->@*;
    for my $call (@calls) { return {unsupported => $call} if !ref $call }
    delete $ENV{NOTIFY_SOCKET};
    $ENV{NOTIFY_SOCKET} = $request->{environment} if defined $request->{environment};
    my @returns;
    for my $call (@calls) {
        push @returns, eval { $call->(); 1 } ? 'positive' : 'negative';
        print STDERR $@ if $@;
    }
    my $is_set = exists $ENV{NOTIFY_SOCKET};
    my %answer = (returns => \@returns, environment => $is_set ? 'set' : 'unset', processes => {main => $$ + 0});
    $answer{unobserved} = ['returns'] if !$is_set;    # "sent" and "not set" are the same nothing
    return \%answer;
}

my $json = JSON::PP->new->utf8->canonical;
STDOUT->autoflush(1);
while (my $line = <STDIN>) {
    my $request = $json->decode($line);
    my $do = $request->{do};
    my $answer
        = $do eq 'start' ? {name => 'Linux::Systemd', version => "$Linux::Systemd::Daemon::VERSION", role => 'sender'}
        : $do eq 'send' ? send_all($request)
        : $do eq 'stop' ? {}
        :                 {unsupported => 'unknown'};
    say $json->encode({%$answer, seq => $request->{seq}});
    last if $do eq 'stop';
}
