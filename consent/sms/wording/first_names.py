"""First names that are common in the United States, Canada and Mexico, and mean nothing else in our three"
" languages.

A person who writes "not maria" says that we have reached somebody else; the name need not have a capital.
"""

_NAMES = (
    "james john robert michael david william richard joseph thomas charles christopher daniel matthew anthony"
    " donald steven paul andrew joshua kenneth kevin brian george timothy ronald jason edward jeffrey ryan"
    " jacob"
    " gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory alexander patrick"
    " jack dennis jerry tyler aaron jose adam nathan henry zachary douglas peter kyle noah ethan jeremy walter"
    " christian keith roger terry austin sean gerald carl dylan harold jordan jesse bryan lawrence arthur"
    " gabriel"
    " bruce albert willie alan eugene russell louis philip randy johnny bobby mike dave steve tom jim joe"
    " bob dan"
    " matt chris tony greg jeff ken tim ron mary patricia jennifer linda elizabeth barbara susan jessica sarah"
    " karen lisa nancy betty sandra margaret ashley kimberly emily donna michelle carol amanda melissa deborah"
    " stephanie rebecca sharon laura cynthia kathleen amy angela shirley anna brenda pamela emma nicole helen"
    " samantha katherine christine debra rachel carolyn janet maria catherine heather diane olivia julie joyce"
    " victoria ruth virginia lauren kelly christina joan evelyn judith andrea hannah megan cheryl jacqueline"
    " martha madison teresa gloria sara janice kathryn abigail sophia frances jean alice judy isabella julia"
    " denise amber danielle marilyn beverly theresa sophie brittany diana natalie jenny tina dana juan luis"
    " carlos"
    " jorge pedro manuel francisco miguel antonio alejandro ricardo fernando roberto eduardo javier rafael raul"
    " sergio ramon enrique arturo ernesto hector oscar mario pablo diego andres marcos marcus jesus guadalupe"
    " josefina rosario ana lucia carmen sofia elena isabel beatriz patricio veronica silvia claudia leticia"
    " marie"
    " jacques pierre michel andre philippe nathalie isabelle sylvie monique francois luc marc guy rene claude"
    " genevieve stephane benoit mathieu julien chantal celine camille chloe lea manon dominique pascal"
    " denis yves"
)
FIRST_NAMES = frozenset(_NAMES.split())
